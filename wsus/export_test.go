package wsus

// StatusLists reads the lists of a status event.
var StatusLists = statusLists
