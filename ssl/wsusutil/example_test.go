package wsusutil_test

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/wsusutil"
)

func ExampleConfigureSSL() {
	// On the server itself this would be ssl.Local{}.
	runner := &ssl.Recorded{Transcript: []ssl.Exchange{{
		Command: ssl.Command{Name: wsusutil.DefaultToolPath, Args: []string{"configuressl", "wsus01.lab.example"}},
		Output:  ssl.Output{Stdout: []byte("https://wsus01.lab.example:8531\r\n")},
	}}}
	result, err := wsusutil.ConfigureSSL(context.Background(), runner, wsusutil.Config{
		ToolPath: wsusutil.DefaultToolPath,
		Name:     "wsus01.lab.example",
		Ports:    ports.Custom,
	})
	fmt.Println(result.URL, err)
	// Output: https://wsus01.lab.example:8531 <nil>
}
