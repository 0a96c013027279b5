"""Papers that are handed over: the one-page briefing, the full report, the workbook with charts."""
