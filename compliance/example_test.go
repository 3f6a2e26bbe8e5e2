package compliance_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// A client reports one update as required and a completed scan; the other updates of the catalogue are then not required on it.
func Example() {
	ctx := context.Background()
	tracker, err := compliance.NewTracker(ctx, newHeap(), compliance.Options{}) // or the Compliance store of a storage backend
	if err != nil {
		fmt.Println(err)
		return
	}
	missing := uuid.MustParse("11111111-0000-4000-8000-000000000001")
	other := uuid.MustParse("11111111-0000-4000-8000-000000000002")
	receipt, err := tracker.Record(ctx, compliance.Report{ClientID: "ws1", Messages: []compliance.Message{
		{Serial: 1, Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: missing.String()}, StateID: int(compliance.Required)},
		{Serial: 2, Topic: compliance.Topic{Type: compliance.UpdateSourceScan}, StateID: int(compliance.ScanCompleted), ContentVersion: 1},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("taken up to", receipt.Serial)

	summary, err := tracker.Summary(ctx, []compliance.Update{{ID: missing}, {ID: other}}, []string{"ws1", "ws2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, computer := range summary.Computers {
		fmt.Println(computer.ID, computer.Compliance, computer.States)
	}
	// Output:
	// taken up to 2
	// ws1 Non-compliant [Required Not Required]
	// ws2 Unknown [Unknown Unknown]
}

func ExampleEncodeReport() {
	err := compliance.EncodeReport(os.Stdout, compliance.Report{ClientID: "ws1", Date: time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Report><ReportHeader><Identification><Machine><ClientInstalled>1</ClientInstalled><ClientType>1</ClientType><ClientID>ws1</ClientID><NetBIOSName></NetBIOSName><Priority>0</Priority></Machine></Identification><ReportDetails><ReportContent>State Message Data</ReportContent><ReportType>Delta</ReportType><Date>20260310020000.000000+000</Date><Version>1.0</Version><Format>1.0</Format></ReportDetails></ReportHeader><ReportBody></ReportBody></Report>
}
