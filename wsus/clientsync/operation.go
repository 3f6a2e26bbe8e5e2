package clientsync

import (
	"strings"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// The namespaces of the three services; each service's types live in its own (MS-WUSP §2.2.1, §6).
const (
	ClientNamespace     = "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService"
	SimpleAuthNamespace = "http://www.microsoft.com/SoftwareDistribution/Server/SimpleAuthWebService"
	ReportingNamespace  = "http://www.microsoft.com/SoftwareDistribution"
)

// The paths of the services (MS-WUSP §2.1), matched without regard to case. The Reporting service has two: the WSDL's address
// differs from what agents use.
const (
	ClientPath             = "/ClientWebService/client.asmx"
	SimpleAuthPath         = "/SimpleAuthWebService/SimpleAuth.asmx"
	ReportingPath          = "/ReportingWebService/ReportingWebService.asmx"
	reportingPathByWSDL    = "/ReportingWebService/WebService.asmx"
	simpleAuthRelativePath = "SimpleAuthWebService/SimpleAuth.asmx"
)

// service is one of the three, known by its path.
type service struct {
	namespace string
	form      soap.Form // of answers
}

// serviceAt finds the service of a path.
func serviceAt(path string) (service, bool) {
	switch {
	case strings.EqualFold(path, ClientPath):
		return service{ClientNamespace, soap.BareAnswer}, true
	case strings.EqualFold(path, SimpleAuthPath):
		return service{SimpleAuthNamespace, soap.DeclaredAnswer}, true
	case strings.EqualFold(path, ReportingPath), strings.EqualFold(path, reportingPathByWSDL):
		return service{ReportingNamespace, soap.DeclaredAnswer}, true
	default:
		return service{}, false
	}
}

// operation reads the request of an exchange and writes its answer.
type operation func(*exchange) error

// operations are those that a Handler serves. The namespace keeps them apart by service: what must travel over the secured
// channel cannot be asked at the Reporting service's path, which answers on plain HTTP too.
func operations() map[soap.Operation]operation {
	return map[soap.Operation]operation{
		{Space: ClientNamespace, Name: "GetConfig"}:                   getConfig,
		{Space: ClientNamespace, Name: "GetConfig2"}:                  getConfig,
		{Space: ClientNamespace, Name: "GetCookie"}:                   getCookie,
		{Space: ClientNamespace, Name: "RegisterComputer"}:            registerComputer,
		{Space: ClientNamespace, Name: "StartCategoryScan"}:           startCategoryScan,
		{Space: ClientNamespace, Name: "SyncUpdates"}:                 syncUpdates,
		{Space: ClientNamespace, Name: "RefreshCache"}:                refreshCache,
		{Space: ClientNamespace, Name: "GetExtendedUpdateInfo"}:       getExtendedUpdateInfo,
		{Space: ClientNamespace, Name: "GetFileLocations"}:            getFileLocations,
		{Space: ClientNamespace, Name: "SyncPrinterCatalog"}:          syncPrinterCatalog,
		{Space: ClientNamespace, Name: "GetExtendedUpdateInfo2"}:      getExtendedUpdateInfo2,
		{Space: ClientNamespace, Name: "GetTimestamps"}:               getTimestamps,
		{Space: SimpleAuthNamespace, Name: "GetAuthorizationCookie"}:  getAuthorizationCookie,
		{Space: ReportingNamespace, Name: "ReportEventBatch"}:         reportEventBatch,
		{Space: ReportingNamespace, Name: "ReportEventBatch2"}:        reportEventBatch2,
		{Space: ReportingNamespace, Name: "GetRequiredInventoryType"}: getRequiredInventoryType,
		{Space: ReportingNamespace, Name: "ReportInventory"}:          reportInventory,
		{Space: ReportingNamespace, Name: "GetRollupConfiguration"}:   notBuilt,
		{Space: ReportingNamespace, Name: "RollupDownstreamServers"}:  notBuilt,
		{Space: ReportingNamespace, Name: "RollupComputers"}:          notBuilt,
		{Space: ReportingNamespace, Name: "GetOutOfSyncComputers"}:    notBuilt,
		{Space: ReportingNamespace, Name: "RollupComputerStatus"}:     notBuilt,
	}
}

// notBuilt refuses an operation between servers: rollups of downstream servers. Agents do not need it.
func notBuilt(x *exchange) error { return invalid(x.operation.Name + " is not built yet") }

// action is the SOAPAction of an operation, with its quotes.
func action(op soap.Operation) string { return `"` + op.Space + "/" + op.Name + `"` }
