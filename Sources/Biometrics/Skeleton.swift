// Placeholder for the skeleton commit; removed with the module's first file.
