package iis

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/sys/windows"
)

// lockFolder takes the name of a mutex of the whole machine: a folder cannot be locked on Windows, and a lock file would stay behind
// in inetsrv\config. The name is gone when its last handle is closed, also by a kill. Who writes a shared configuration from another
// machine is not kept out.
func lockFolder(path string) (io.Closer, error) {
	sum := sha256.Sum256([]byte(strings.ToLower(path)))
	name, err := windows.UTF16PtrFromString(`Global\softwareupdates-iis-` + hex.EncodeToString(sum[:]))
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateMutex(nil, false, name)
	switch {
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
		return nil, errors.Join(ErrBusy, windows.CloseHandle(handle))
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return nil, ErrBusy // another account holds it
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return mutex(handle), nil
}

type mutex windows.Handle

func (m mutex) Close() error { return windows.CloseHandle(windows.Handle(m)) }

// copyProtection gives a file the access control list of another: one that was replaced by a rename would else have that of its
// folder. The owner stays the account that writes, since giving files away takes a privilege of its own; audit rules and attributes are not
// copied.
func copyProtection(path, like string) error {
	old, err := windows.GetNamedSecurityInfo(like, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("read the access control list of %s: %w", like, err)
	}
	list, _, err := old.DACL()
	if err != nil {
		return fmt.Errorf("read the access control list of %s: %w", like, err)
	}
	control, _, err := old.Control()
	if err != nil {
		return fmt.Errorf("read the access control list of %s: %w", like, err)
	}
	what := windows.SECURITY_INFORMATION(windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION)
	if control&windows.SE_DACL_PROTECTED != 0 {
		what = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what, nil, nil, list, nil); err != nil {
		return fmt.Errorf("set the access control list of %s: %w", path, err)
	}
	return nil
}
