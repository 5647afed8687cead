// Each collection starts a whole suite; one after the other, so that two cores measure behaviour and not contention.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
