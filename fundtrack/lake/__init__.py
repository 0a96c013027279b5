"""Many cities: a lake of plain Delta tables, read by one machine or by a cluster."""
