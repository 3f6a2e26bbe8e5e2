package iis_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// Require SSL is set on one virtual root of WSUS, shown to the administrator, and taken back.
func ExampleConfig_Apply() {
	file := []byte(`<?xml version="1.0" encoding="UTF-8"?>
<configuration>

    <system.applicationHost>
        <sites>
            <site name="WSUS Administration" id="1290455101">
                <application path="/" applicationPool="WsusPool" />
                <bindings>
                    <binding protocol="http" bindingInformation="*:8530:" />
                    <binding protocol="https" bindingInformation="*:8531:" />
                </bindings>
            </site>
        </sites>
    </system.applicationHost>

    <system.webServer>
        <security>
            <access sslFlags="None" />
        </security>
    </system.webServer>
</configuration>
`)
	before, err := iis.Parse(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	require := iis.SetSSLFlags{Path: "WSUS Administration/ClientWebService", Flags: iis.Ssl}
	after, change, err := before.Apply(require)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(require)
	fmt.Print(change.Diff())

	_, again, err := after.Apply(require)
	fmt.Println("again changes nothing:", again.Empty(), err)

	undone, err := change.Undo(after)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("undone to the byte:", string(undone.Bytes()) == string(file))
	// Output:
	// set sslFlags of WSUS Administration/ClientWebService to Ssl
	// --- applicationHost.config
	// +++ applicationHost.config
	// @@ -18,4 +18,11 @@
	//              <access sslFlags="None" />
	//          </security>
	//      </system.webServer>
	// +    <location path="WSUS Administration/ClientWebService">
	// +        <system.webServer>
	// +            <security>
	// +                <access sslFlags="Ssl" />
	// +            </security>
	// +        </system.webServer>
	// +    </location>
	//  </configuration>
	// again changes nothing: true <nil>
	// undone to the byte: true
}

// A file is edited in place; the backup is what Restore takes.
func ExampleOpen() {
	edit := func(ctx context.Context, path string) error {
		f, err := iis.Open(path, iis.Options{})
		if err != nil {
			return err // says what to do: run elevated, follow redirection, mend line 12
		}
		next, change, err := f.Config().Apply(iis.SetSSLFlags{Path: "WSUS Administration/ClientWebService", Flags: iis.Ssl})
		if err != nil || change.Empty() {
			return err
		}
		backup, err := f.Write(ctx, next)
		if err == nil {
			fmt.Println("written; to take it back: restore", filepath.Base(backup))
		}
		return err
	}
	err := edit(context.Background(), "nowhere/applicationHost.config")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	// Output: true
}
