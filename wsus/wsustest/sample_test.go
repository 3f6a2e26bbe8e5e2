package wsustest_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// sample is an update of a random catalogue. Others are meant by their number.
type sample struct {
	n, revision   int
	kind          string // Software, Detectoid, Category or Driver
	deployable    bool
	expired       bool
	prerequisites [][]int // of earlier numbers, so that there are no circles
	category      int     // the product it belongs to, a prerequisite as well; 0: none
	bundled       []int   // revision 1 of each

	hardwareID string // of a driver
	printer    bool
}

func idOf(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

func numberOf(id uuid.UUID) int {
	var n int
	_, _ = fmt.Sscanf(id.String()[24:], "%d", &n)
	return n
}

func (s sample) identity() clientsync.UpdateIdentity {
	return clientsync.UpdateIdentity{UpdateID: idOf(s.n), RevisionNumber: int32(s.revision)}
}

// clauses are all that must be installed before.
func (s sample) clauses() [][]int {
	if s.category == 0 {
		return s.prerequisites
	}
	return append([][]int{{s.category}}, s.prerequisites...)
}

// driverDate is another one for each driver, and does not grow with the number.
func (s sample) driverDate() time.Time {
	return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, s.n*7919%1000)
}

// String is the update document.
func (s sample) String() string {
	var b strings.Builder
	state := "Published"
	if s.expired {
		state = "Expired"
	}
	fmt.Fprintf(&b, `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="%s" RevisionNumber="%d"/>`+
		`<upd:Properties UpdateType="%s" DefaultPropertiesLanguage="en" ExplicitlyDeployable="%t" PublicationState="%s" `+
		`CreationDate="2026-02-03T04:05:06Z">`, idOf(s.n), s.revision, s.kind, s.deployable, state)
	if s.kind == "Software" {
		b.WriteString(`<upd:UninstallationBehavior/>`)
	}
	fmt.Fprintf(&b, `</upd:Properties><upd:LocalizedPropertiesCollection><upd:LocalizedProperties><upd:Language>en</upd:Language>`+
		`<upd:Title>update %d</upd:Title></upd:LocalizedProperties></upd:LocalizedPropertiesCollection><upd:Relationships>`, s.n)
	s.writeRelationships(&b)
	b.WriteString(`</upd:Relationships>`)
	s.writeRules(&b)
	b.WriteString(`</upd:Update>`)
	return b.String()
}

func (s sample) writeRelationships(b *strings.Builder) {
	if len(s.clauses()) > 0 {
		b.WriteString(`<upd:Prerequisites>`)
		for _, clause := range s.clauses() {
			fmt.Fprintf(b, `<upd:AtLeastOne IsCategory="%t">`, s.category > 0 && clause[0] == s.category)
			for _, n := range clause {
				fmt.Fprintf(b, `<upd:UpdateIdentity UpdateID="%s"/>`, idOf(n))
			}
			b.WriteString(`</upd:AtLeastOne>`)
		}
		b.WriteString(`</upd:Prerequisites>`)
	}
	if len(s.bundled) > 0 {
		b.WriteString(`<upd:BundledUpdates><upd:AtLeastOne>`)
		for _, n := range s.bundled {
			fmt.Fprintf(b, `<upd:UpdateIdentity UpdateID="%s" RevisionNumber="1"/>`, idOf(n))
		}
		b.WriteString(`</upd:AtLeastOne></upd:BundledUpdates>`)
	}
}

func (s sample) writeRules(b *strings.Builder) {
	switch {
	case s.kind == "Driver":
		class := "Net"
		if s.printer {
			class = "Printer"
		}
		fmt.Fprintf(b, `<upd:ApplicabilityRules xmlns:drv="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver"><upd:IsInstallable>`+
			`<drv:WindowsDriverInstallable/></upd:IsInstallable><upd:Metadata><drv:WindowsDriverMetaData HardwareID="%s" DriverVerDate="%s" `+
			`DriverVerVersion="1.0.0.0" Class="%s" Provider="p" Manufacturer="m"></drv:WindowsDriverMetaData></upd:Metadata></upd:ApplicabilityRules>`,
			s.hardwareID, s.driverDate().Format(time.DateOnly), class)
	case len(s.bundled) == 0:
		b.WriteString(`<upd:ApplicabilityRules><upd:IsInstalled><lar:True xmlns:lar="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"/>` +
			`</upd:IsInstalled></upd:ApplicabilityRules>`)
	}
	if s.kind == "Category" {
		b.WriteString(`<upd:HandlerSpecificData xsi:type="cat:Category" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><cat:CategoryInformation ` +
			`CategoryType="Product" xmlns:cat="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category"/></upd:HandlerSpecificData>`)
	}
}

func folderOf(samples ...sample) fs.FS {
	files := fstest.MapFS{}
	for _, s := range samples {
		files[fmt.Sprintf("updates/%04d-%d.xml", s.n, s.revision)] = &fstest.MapFile{Data: []byte(s.String())}
	}
	return files
}
