package applicability

import (
	"context"
	"errors"
)

// clusterService is there where failover clustering is installed.
const clusterService = `SYSTEM\CurrentControlSet\Services\ClusSvc`

// clustered tells whether the machine can be a cluster node at all.
func (e *evaluation) clustered(ctx context.Context) (bool, error) {
	_, ok, err := e.key(ctx, place{subkey: clusterService})
	return ok, err
}

// clusteredOS is False where clustering is not installed.
func clusteredOS(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	ok, err := e.clustered(ctx)
	if err != nil || !ok {
		return result(false, "clustering is not installed"), err
	}
	cluster, ok := e.facts.(Cluster)
	if !ok {
		return Result{}, clusterFault(errors.New("the machine's facts do not tell the state of the cluster"))
	}
	node, err := cluster.ClusterNode(ctx)
	if err != nil {
		return Result{}, clusterFault(err)
	}
	if node {
		return result(true, "the machine is a cluster node"), nil
	}
	return result(false, "the machine is not a cluster node"), nil
}

// clusterResourceOwner asks for the resource of the name Prefix + registry text + Suffix. One that cannot be opened is not owned.
func clusterResourceOwner(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p := e.place(a)
	if a.err != nil {
		return Result{}, a.err
	}
	ok, err := e.clustered(ctx)
	if err != nil || !ok {
		return result(false, "clustering is not installed"), err
	}
	v, missing, err := e.registryValue(ctx, p)
	if err != nil || missing != "" {
		return result(false, missing), err
	}
	name := a.optional("Prefix") + v.Text + a.optional("Suffix")
	cluster, ok := e.facts.(Cluster)
	if !ok {
		return Result{}, clusterFault(errors.New("the machine's facts do not tell who owns cluster resource " + name))
	}
	owned, err := cluster.OwnsResource(ctx, name)
	switch {
	case errors.Is(err, ErrNotFound):
		return result(false, "cluster resource "+name+" cannot be opened"), nil
	case err != nil:
		return Result{}, clusterFault(err)
	case owned:
		return result(true, "the machine owns cluster resource "+name), nil
	}
	return result(false, "another node owns cluster resource "+name), nil
}

func clusterFault(err error) error {
	return &fault{code: ClusterStateUnknown, fact: "cluster", err: err}
}
