// Package regfile reads what Windows tools write of the registry: exports of regedit and reg export (format 5.00 and REGEDIT4), and
// the output of reg query. The caller says which values it wants; no other leaves the reader, so that keys and passwords that stand
// beside them are never held.
package regfile
