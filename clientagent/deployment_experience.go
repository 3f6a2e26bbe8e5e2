package clientagent

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// UserExperience is what a user gets to see of a deployment: the three choices of the console, which the product keeps as
// NotifyUser and UserUIExperience.
type UserExperience int

// The choices; the zero value is the first.
const (
	// ShowAll displays in Software Center and shows all notifications.
	ShowAll UserExperience = iota
	// ShowRestarts displays in Software Center and only shows notifications for computer restarts.
	ShowRestarts
	// HideAll hides in Software Center and all notifications.
	HideAll
)

var experienceNames = map[UserExperience]string{
	ShowAll:      "Display in Software Center and show all notifications",
	ShowRestarts: "Display in Software Center, and only show notifications for computer restarts",
	HideAll:      "Hide in Software Center and all notifications",
}

// String is the choice in the words of the console.
func (e UserExperience) String() string {
	if name, known := experienceNames[e]; known {
		return name
	}
	return fmt.Sprintf("UserExperience(%d)", int(e))
}

// UserUIExperience is the product's property of that name: whether Software Center shows the deployment.
func (e UserExperience) UserUIExperience() bool { return e != HideAll }

// NotifyUser is the product's property of that name: whether the user is told of available and due updates.
func (e UserExperience) NotifyUser() bool { return e == ShowAll }

// RebootSuppression says on which classes of machines a needed restart is left to the user: the bits of SuppressReboot.
type RebootSuppression int

// The bits.
const (
	SuppressWorkstations RebootSuppression = 1
	SuppressServers      RebootSuppression = 2
	SuppressAll          RebootSuppression = SuppressWorkstations | SuppressServers
)

// holds says whether restarts of a machine of that product type (1 workstation, 2 domain controller, 3 server) are suppressed.
func (s RebootSuppression) holds(productType int) bool {
	if productType == productTypeWorkstation {
		return s&SuppressWorkstations != 0
	}
	return s&SuppressServers != 0
}

const productTypeWorkstation = 1

// UnmarshalJSON reads a number, and the true and false that policies had before restarts could be suppressed by class.
func (s *RebootSuppression) UnmarshalJSON(text []byte) error {
	switch {
	case bytes.Equal(text, []byte("true")):
		*s = SuppressAll
		return nil
	case bytes.Equal(text, []byte("false")):
		*s = 0
		return nil
	}
	var bits int
	if err := json.Unmarshal(text, &bits); err != nil {
		return fmt.Errorf("restart suppression: %w", err)
	}
	*s = RebootSuppression(bits)
	return nil
}
