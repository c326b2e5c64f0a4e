// Placeholder for the skeleton commit; removed with the first test of the module.
