package sqlite

// syncFolder has nothing to do: NTFS logs the entries of folders, and they cannot be synced.
func syncFolder(string) error { return nil }
