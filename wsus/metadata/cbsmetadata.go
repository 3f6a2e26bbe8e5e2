package metadata

import "strings"

// CBSPackage is CbsPackageApplicabilityMetadata: the manifest of a servicing package, as far as reading keeps it.
type CBSPackage struct {
	Identity CBSIdentity
	// Identifier names the package to people, for example KB5026368.
	Identifier string
	// ReleaseType, Restart and Evaluation are attributes of the manifest's package element; they may be empty.
	ReleaseType, Restart, Evaluation string
	// Parents are the packages that this one belongs to, of all alternatives.
	Parents []CBSIdentity
}

// CBSIdentity names a package of the servicing stack.
type CBSIdentity struct{ Name, PublicKeyToken, Architecture, Language, Version string }

// String writes the identity as the servicing stack does: name, token, architecture, language and version between tildes, where
// the language neutral is empty. It is empty without a name.
func (c CBSIdentity) String() string {
	if c.Name == "" {
		return ""
	}
	language := c.Language
	if strings.EqualFold(language, "neutral") {
		language = ""
	}
	return strings.Join([]string{c.Name, c.PublicKeyToken, c.Architecture, language, c.Version}, "~")
}

// CBSPackage reads CbsPackageApplicabilityMetadata; nil when the rules have none. An error is a [*DataError].
func (r *Rules) CBSPackage() (*CBSPackage, error) {
	data := r.Metadata.Child("CbsPackageApplicabilityMetadata")
	if data == nil {
		return nil, nil
	}
	assembly := data.Child("assembly")
	identity := assembly.Child("assemblyIdentity")
	if identity == nil {
		return nil, &DataError{Element: data.Name, Reason: "it has no assembly with an assemblyIdentity"}
	}
	p := &CBSPackage{Identity: cbsIdentity(identity)}
	if p.Identity.Name == "" {
		return nil, &DataError{Element: identity.Name, Attribute: "name", Reason: "it is missing"}
	}
	if pack := assembly.Child("package"); pack != nil {
		p.Identifier, p.ReleaseType = pack.attrOr("identifier", ""), pack.attrOr("releaseType", "")
		p.Restart, p.Evaluation = pack.attrOr("restart", ""), pack.attrOr("applicabilityEvaluation", "")
		for _, parent := range pack.Children {
			for _, c := range parent.Children {
				if parent.Name == "parent" && c.Name == "assemblyIdentity" {
					p.Parents = append(p.Parents, cbsIdentity(c))
				}
			}
		}
	}
	return p, nil
}

func cbsIdentity(n *Node) CBSIdentity {
	return CBSIdentity{Name: n.attrOr("name", ""), PublicKeyToken: n.attrOr("publicKeyToken", ""),
		Architecture: n.attrOr("processorArchitecture", ""), Language: n.attrOr("language", ""), Version: n.attrOr("version", "")}
}
