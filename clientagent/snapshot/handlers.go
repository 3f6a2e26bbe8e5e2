package snapshot

import (
	"strings"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// runCommand stands for a program that does its work: it ends with a return code that the metadata counts as success, with 0 if
// that is one of them. Metadata that counts no code as success makes every run fail, as on a real machine.
func runCommand(_ *state, job clientagent.Job) (restart bool, err error) {
	command := job.Extended.HandlerData.Child("InstallCommand")
	if program, ok := command.Attr("Program"); !ok || program == "" {
		return false, failure(clientagent.CodeInvalidMetadata, "the handler data names no program")
	}
	var success *metadata.Node
	zeroListed := false
	for _, code := range command.Children {
		number, _ := code.Attr("Code")
		outcome, _ := code.Attr("Result")
		zeroListed = zeroListed || number == "0"
		if code.Name == "ReturnCode" && outcome == "Succeeded" && (success == nil || number == "0") {
			success = code
		}
	}
	if outcome, _ := command.Attr("DefaultResult"); outcome == "Succeeded" && (success == nil || !zeroListed) {
		return isTrue(command, "RebootByDefault"), nil
	}
	if success == nil {
		return false, failure(clientagent.CodeInstallerFailure, "no return code of the command means success")
	}
	return isTrue(success, "Reboot"), nil
}

// runWindowsInstaller installs the product of an MSI, or applies the patch of an MSP to its products.
func runWindowsInstaller(s *state, job clientagent.Job) (restart bool, err error) {
	if msi := job.Extended.HandlerData.Child("MsiData"); msi != nil {
		code, ok := msi.Attr("ProductCode")
		if !ok || code == "" {
			return false, failure(clientagent.CodeInvalidMetadata, "the handler data names no product")
		}
		s.installProduct(code, job)
		return false, nil
	}
	msp := job.Extended.HandlerData.Child("MspData")
	code, _ := msp.Attr("PatchCode")
	if code == "" && msp != nil {
		// Real handler data leaves it to the metadata of the rules.
		code, _ = job.Core.Rules.Metadata.Child("MsiPatchMetadata").Child("MsiPatch").Attr("PatchGUID")
	}
	if code == "" {
		return false, failure(clientagent.CodeInvalidMetadata, "the handler data has neither an MSI with its product nor an MSP with its patch")
	}
	targets := patchTargets(job.Core)
	applied := 0
	for _, target := range targets {
		if p, ok := s.products[fold(target)]; ok {
			p.apply(code, job.Core)
			s.products[fold(target)] = p
			applied++
		}
	}
	if len(targets) > 0 && applied == 0 {
		return false, failure(clientagent.CodeInstallerFailure, "none of the products that patch %s is for is installed", code)
	}
	return false, nil
}

// installProduct keeps what is known of an older version of the product.
func (s *state) installProduct(code string, job clientagent.Job) {
	p, ok := s.products[fold(code)]
	if !ok {
		p = product{code: code, name: job.Title, version: "1.0.0"}
	}
	if v, ok := job.Core.Rules.Metadata.Child("MsiApplicationMetadata").Child("ProductCode").Attr("Version"); ok {
		if _, err := applicability.ParseVersion(v); err == nil {
			p.version = v
		}
	}
	s.products[fold(code)] = p
}

// patchTargets are the products that the patch metadata lists.
func patchTargets(core *metadata.Core) []string {
	blob := core.Rules.Metadata.Child("MsiPatchMetadata").Child("MsiPatch")
	if blob == nil {
		return nil
	}
	var codes []string
	for _, c := range blob.Children {
		switch c.Name {
		case "TargetProductCode":
			codes = with(codes, c.Content())
		case "TargetProduct":
			codes = with(codes, c.Child("TargetProductCode").Content())
		}
	}
	return codes
}

// addPackage adds the servicing package that the manifest in the rules names.
func addPackage(s *state, job clientagent.Job) (restart bool, err error) {
	identity := applicability.PackageIdentity(job.Core.Rules.Metadata.Child("CbsPackageApplicabilityMetadata").Child("assembly").Child("assemblyIdentity"))
	if identity == "" {
		identity, _ = job.Extended.HandlerData.Child("CbsData").Attr("PackageIdentity")
	}
	if identity == "" {
		return false, failure(clientagent.CodeInvalidMetadata, "neither the package manifest nor the handler data names the package")
	}
	s.packages[fold(identity)] = pack{identity, applicability.PackageInstalled}
	return false, nil
}

// with adds s to a list that does not have it.
func with(list []string, s string) []string {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return list
		}
	}
	return append(list, s)
}

// without takes s off a list.
func without(list []string, s string) []string {
	var out []string
	for _, have := range list {
		if !strings.EqualFold(have, s) {
			out = append(out, have)
		}
	}
	return out
}

func isTrue(n *metadata.Node, attribute string) bool {
	v, _ := n.Attr(attribute)
	b, err := metadata.ParseBool(v)
	return err == nil && b
}
