// Package wsusutil drives WSUSUtil.exe, the command that comes with WSUS, through an [ssl.Runner].
//
// [ConfigureSSL] is the last step of securing a Microsoft WSUS server: the command re-reads the web site and tells the server
// by which name and port it is reached. It makes no binding, attaches no certificate and turns Require SSL on nowhere; that is
// done before. Run it again after every change of name, port or SSL.
package wsusutil
