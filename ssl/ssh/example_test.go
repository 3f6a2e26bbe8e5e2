package ssh_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/ssh"
)

// Over the network a plan is applied as it is here; the journal stays on this machine.
func ExampleDial() {
	ctx := context.Background()
	runner, err := ssh.Dial(ctx, ssh.Config{
		Address:    "wsus01.lab.example",
		User:       `LAB\admin`,
		Password:   "from a safe place",
		KnownHosts: "known_hosts",
		KeepAlive:  30 * time.Second,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer runner.Close()
	applied, err := ssl.Apply(ctx, runner, ssl.Plan{ /* of ssl.NewPlan */ }, ssl.ApplyOptions{Journal: "journals/wsus01.json"})
	fmt.Println(applied.Changed(), err)
}

func ExampleShell_Line() {
	line, err := ssh.Cmd.Line(ssl.Command{
		Name: `C:\Program Files\Update Services\Tools\WsusUtil.exe`, Args: []string{"configuressl", "wsus01.lab.example"}})
	fmt.Println(line, err)
	_, err = ssh.Cmd.Line(ssl.Command{Name: `%windir%\System32\inetsrv\appcmd.exe`})
	fmt.Println(err)
	// Output:
	// "C:\Program Files\Update Services\Tools\WsusUtil.exe" configuressl wsus01.lab.example <nil>
	// an argument cannot be carried safely through cmd.exe: the program is called "%windir%\\System32\\inetsrv\\appcmd.exe"
}
