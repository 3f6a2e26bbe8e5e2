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

// operation is what a Handler serves: the names of its messages, and what reads the request and writes the answer.
type operation struct {
	request, response soap.Operation
	serve             func(*exchange) error
}

// operations are those that a Handler serves, by namespace and name. The namespace keeps them apart by service: what must travel
// over the secured channel cannot be asked at the Reporting service's path, which answers on plain HTTP too.
func operations() map[string]map[string]*operation {
	all := map[string]map[string]*operation{}
	for namespace, serve := range map[string]map[string]func(*exchange) error{
		ClientNamespace: {
			"GetConfig":              getConfig,
			"GetConfig2":             getConfig,
			"GetCookie":              getCookie,
			"RegisterComputer":       registerComputer,
			"StartCategoryScan":      startCategoryScan,
			"SyncUpdates":            syncUpdates,
			"RefreshCache":           refreshCache,
			"GetExtendedUpdateInfo":  getExtendedUpdateInfo,
			"GetFileLocations":       getFileLocations,
			"SyncPrinterCatalog":     syncPrinterCatalog,
			"GetExtendedUpdateInfo2": getExtendedUpdateInfo2,
			"GetTimestamps":          getTimestamps,
		},
		SimpleAuthNamespace: {
			"GetAuthorizationCookie": getAuthorizationCookie,
		},
		ReportingNamespace: {
			"ReportEventBatch":         reportEventBatch,
			"ReportEventBatch2":        reportEventBatch2,
			"GetRequiredInventoryType": getRequiredInventoryType,
			"ReportInventory":          reportInventory,
			"GetRollupConfiguration":   notBuilt,
			"RollupDownstreamServers":  notBuilt,
			"RollupComputers":          notBuilt,
			"GetOutOfSyncComputers":    notBuilt,
			"RollupComputerStatus":     notBuilt,
		},
	} {
		all[namespace] = map[string]*operation{}
		for name, serve := range serve {
			all[namespace][name] = &operation{
				request:  soap.Operation{Space: namespace, Name: name},
				response: soap.Operation{Space: namespace, Name: name + "Response"},
				serve:    serve,
			}
		}
	}
	return all
}

// notBuilt refuses an operation between servers: rollups of downstream servers. Agents do not need it.
func notBuilt(x *exchange) error { return invalid(x.operation.request.Name + " is not built yet") }

// action is the SOAPAction of an operation, with its quotes.
func action(op soap.Operation) string { return `"` + op.Space + "/" + op.Name + `"` }
