module intermodal.invalid/cluster/pause

go 1.24.0
