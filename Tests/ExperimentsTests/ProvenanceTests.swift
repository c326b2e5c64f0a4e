import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct ProvenanceTests {
  @Test func aRunSaysWhereItsNumbersComeFrom() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let provenance = Provenance.current(
      spec: spec, dataHashes: ["data/lfw.h5": "abc"],
      arguments: ["/somewhere/Harness", "run", "my spec.yaml", "--data", "it's"])
    #expect(provenance.experiment == "small")
    #expect(provenance.specHash == spec.specHash)
    #expect(provenance.dataHashes == ["data/lfw.h5": "abc"])
    #expect(provenance.command == #"Harness run 'my spec.yaml' --data 'it'\''s'"#)
    #expect(provenance.seed == 1)
    #expect(provenance.startedAt.hasSuffix("Z") && provenance.startedAt.count == 20)
    #expect(provenance.versions["hdf5"]?.split(separator: ".").count == 3)
    #expect(provenance.versions["openblas"]?.first?.isNumber == true)
    #expect(provenance.versions["openblas-core"]?.isEmpty == false)
    #expect(provenance.versions["swift"]?.hasPrefix("6.") == true)
    #expect(provenance.versions["yams"]?.split(separator: ".").count == 3)
    #expect(provenance.machine.contains(" core"))
    #expect(!provenance.machine.contains("unknown"))
  }

  @Test func aMachineIsDescribedOnOneLine() {
    let machine = Machine(
      processor: "Example 9000", cores: 1, memoryBytes: 16_777_216_000, system: "Debian 12")
    #expect(machine.description == "Example 9000, 1 core, 16 GiB, Debian 12")
  }
}
