package iis

// SSLFlags are the flags of system.webServer/security/access (IIS_schema.xml).
type SSLFlags uint32

// The flags. Their sum is a value; 0 is None.
const (
	Ssl              SSLFlags = 8
	SslNegotiateCert SSLFlags = 32
	SslRequireCert   SSLFlags = 64
	Ssl128           SSLFlags = 256
)
