import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: harness != nil)) struct TableCommandTests {
  /// The file of a spec may have another name than the experiment.
  @Test func aSpecIsFoundByTheNameInIt() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let spec = small.folder.appendingPathComponent("other.yaml").path
    try FileManager.default.copyItem(atPath: small.spec, toPath: spec)
    let results = small.results("r")
    let made = try run("run", spec, "--data", small.data, "--results", results)
    #expect(made.code == 0, "\(made.text)")
    let table = try run("table", spec, "--results", results)
    #expect(table.code == 0 && table.text.contains("tables/table"), "\(table.text)")
    let nothing = try run("table", spec, "--results", results, "-o", "figure4")
    #expect(nothing.code == 65 && nothing.text.contains("nothing was written"), "\(nothing.text)")
    let unknown = try run("table", small.folder.path + "/none.yaml", "--results", results)
    #expect(unknown.code == 65 && unknown.text.contains("no experiment"), "\(unknown.text)")
  }
}
