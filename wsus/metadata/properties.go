package metadata

// read takes the identity and those properties that the Core fragment carries.
func (c *Core) read(identity, properties *element) (err error) {
	if c.Identity, err = identity.identity(true); err != nil {
		return err
	}
	kind, ok := properties.attr("UpdateType")
	if !ok {
		return faultf(properties.line, "Properties has no UpdateType")
	}
	switch c.Type = UpdateType(kind); c.Type {
	case Software, Driver, Category, Detectoid:
	default:
		return faultf(properties.line, "UpdateType is %q, want Software, Driver, Category or Detectoid", kind)
	}
	if c.ExplicitlyDeployable, err = properties.bool("ExplicitlyDeployable"); err != nil {
		return err
	}
	if c.AutoSelectOnWebSites, err = properties.bool("AutoSelectOnWebSites"); err != nil {
		return err
	}
	// Fragments drop false values, so false says no more than nothing.
	if s := properties.value("OSUpgrade"); s != "false" && s != "0" {
		c.OSUpgrade = s
	}
	c.EulaID, err = properties.guid("EulaID")
	return err
}

// readProperties takes the other properties of a document.
func (u *Update) readProperties(properties *element) (err error) {
	if u.CreationDate, err = properties.time("CreationDate"); err != nil {
		return err
	}
	switch u.PublicationState = properties.value("PublicationState"); u.PublicationState {
	case "":
		u.PublicationState = "Published"
	case "Published", "Expired":
	default:
		return faultf(properties.line, "PublicationState is %q, want Published or Expired", u.PublicationState)
	}
	if u.RequiresReacceptanceOfEula, err = properties.bool("RequiresReacceptanceOfEula"); err != nil {
		return err
	}
	if u.PublisherID, err = properties.guid("PublisherID"); err != nil {
		return err
	}
	if u.IsPublic, err = properties.bool("IsPublic"); err != nil {
		return err
	}
	if u.PerUser, err = properties.bool("PerUser"); err != nil {
		return err
	}
	u.LegacyName, u.DetectoidType = properties.value("LegacyName"), properties.value("DetectoidType")
	return u.Extended.readProperties(properties)
}

func (e *element) behavior() (*Behavior, error) {
	b := &Behavior{RebootBehavior: "CanRequestReboot", Impact: "Normal"}
	if s, ok := e.attr("RebootBehavior"); ok {
		b.RebootBehavior = s
	}
	if s, ok := e.attr("Impact"); ok {
		b.Impact = s
	}
	switch b.RebootBehavior {
	case "NeverReboots", "AlwaysRequiresReboot", "CanRequestReboot":
	default:
		return nil, faultf(e.line, "RebootBehavior of %s is %q", e.local, b.RebootBehavior)
	}
	switch b.Impact {
	case "Normal", "Minor", "RequiresExclusiveHandling":
	default:
		return nil, faultf(e.line, "Impact of %s is %q", e.local, b.Impact)
	}
	var err error
	if b.CanRequestUserInput, err = e.bool("CanRequestUserInput"); err != nil {
		return nil, err
	}
	b.RequiresNetworkConnectivity, err = e.bool("RequiresNetworkConnectivity")
	return b, err
}

// readHandlerData keeps what the handler needs. The type is in xsi:type; vendor packages bring their own namespaces, so
// everything goes by local name.
func (u *Update) readHandlerData(e *element) error {
	u.Extended.HandlerData = e.node()
	if u.Type != Category {
		return nil
	}
	information, err := e.only("CategoryInformation")
	if err != nil || information == nil {
		return err
	}
	switch u.CategoryType = information.value("CategoryType"); u.CategoryType {
	case "Company", "ProductFamily", "Product", "UpdateClassification":
		return nil
	}
	return faultf(information.line, "CategoryType is %q, want Company, ProductFamily, Product or UpdateClassification", u.CategoryType)
}
