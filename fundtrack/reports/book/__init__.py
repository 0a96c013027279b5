"""The workbook with charts: values as the reports have them, and nothing that computes."""
