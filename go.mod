module github.com/seed599db172/softwareupdates

go 1.26.0

require github.com/google/uuid v1.6.0
