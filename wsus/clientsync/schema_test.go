package clientsync_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every answer, and every request that has no element newer than the published contract, is valid by the schemas inside the
// WSDLs (MS-WUSP §6).
func TestMessagesAreValidBySchema(t *testing.T) {
	wsdls := shared(t, "reference/wsdl")
	xmllint, err := exec.LookPath("xmllint")
	require.NoError(t, err, "the WSDLs are here but xmllint is not: install the Debian package libxml2-utils")

	messages := conversation(t)
	// Agents of today write AlsoPerformRegularSync, and so do we; the published contract lacks it.
	messages["SyncUpdates.request"] = strings.Replace(messages["SyncUpdates.request"],
		"<AlsoPerformRegularSync>false</AlsoPerformRegularSync>", "", 1)
	for wsdl, names := range map[string][]string{
		"ms-wusp-client": {"GetConfig", "GetCookie", "RegisterComputer", "StartCategoryScan", "SyncUpdates", "RefreshCache",
			"GetExtendedUpdateInfo", "GetFileLocations", "SyncPrinterCatalog", "GetExtendedUpdateInfo2"},
		"ms-wusp-simpleauth": {"GetAuthorizationCookie"},
		"ms-wusp-reporting":  {"ReportEventBatch", "ReportEventBatch2", "GetRequiredInventoryType", "ReportInventory"},
	} {
		dir := t.TempDir()
		arguments := []string{"--noout", "--schema", extractSchemas(t, filepath.Join(wsdls, wsdl+".wsdl"), dir)}
		for _, name := range names {
			for _, direction := range []string{".request", ".response"} {
				path := filepath.Join(dir, name+direction+".xml")
				require.NoError(t, os.WriteFile(path, []byte(bodyChild(t, messages[name+direction])), 0o600))
				arguments = append(arguments, path)
			}
		}
		output, err := exec.Command(xmllint, arguments...).CombinedOutput()
		require.NoError(t, err, string(output))
		require.Equal(t, 2*len(names), strings.Count(string(output), " validates"), string(output))
	}
}

var (
	schemaBlock = regexp.MustCompile(`(?s)<s:schema [^>]*targetNamespace="([^"]*)"[^>]*>.*?</s:schema>`)
	declaration = regexp.MustCompile(` xmlns:[a-z0-9]+="[^"]*"`)
	body        = regexp.MustCompile(`(?s)Body[^>]*>(.*)</[a-z]+:Body>`)
)

// extractSchemas writes the schemas of a WSDL to files of their own, with the declarations of its root and with the place of
// what they import. It answers the path of the service's.
func extractSchemas(t *testing.T, wsdl, dir string) string {
	t.Helper()
	text, err := os.ReadFile(wsdl)
	require.NoError(t, err)
	root := string(text[:strings.Index(string(text), "<wsdl:types>")])
	declarations := strings.Join(declaration.FindAllString(root, -1), "")
	const types = "http://microsoft.com/wsdl/types/"
	for _, block := range schemaBlock.FindAllStringSubmatch(string(text), -1) {
		schema := strings.Replace(block[0], "<s:schema", "<s:schema"+declarations, 1)
		schema = strings.Replace(schema, `<s:import namespace="`+types+`" />`,
			`<s:import namespace="`+types+`" schemaLocation="types.xsd" />`, 1)
		name := "service.xsd"
		if block[1] == types {
			name = "types.xsd"
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(schema), 0o600))
	}
	return filepath.Join(dir, "service.xsd")
}

func bodyChild(t *testing.T, message string) string {
	t.Helper()
	found := body.FindStringSubmatch(unmasked(message))
	require.NotNil(t, found, message)
	return found[1]
}

// unmasked makes the hidden values valid again.
func unmasked(message string) string { return strings.ReplaceAll(message, "(sealed)", "AQIDBA==") }
