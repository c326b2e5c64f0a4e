import Configurations
import Datasets
import Foundation
import HDF5
import HDF5Library
import TestSupport
import Testing

/// What the process that reads a file for this one may do, and what becomes of files that end it.
@Suite struct HDF5ReaderTests {
  /// Files with a few changed bytes that crash HDF5 1.10; a library that refuses them says why.
  @Test(arguments: ["crash1", "crash2", "crash3"])
  func aFileThatCrashesTheLibraryIsAProblem(_ name: String) throws {
    let path = hostile(name)
    let report = DatasetReport(of: EmbeddingSource(path: path))
    #expect(!report.findings.problems.isEmpty)
    for problem in report.findings.problems { #expect(problem.hasPrefix(path), "\(problem)") }
    // The next file is read as if nothing had been.
    #expect(try HDF5File(path: hdf5Fixture("f64_big_endian")).read("embeddings").rows > 0)
  }

  /// A file that no other test has open, and the process that reads it.
  private func opened() throws -> (file: HDF5File, process: pid_t) {
    let path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("reader-\(UUID().uuidString).h5").path
    try FileManager.default.copyItem(atPath: hdf5Fixture("f64_big_endian"), toPath: path)
    let file = try HDF5File(path: path)
    return (file, try #require(try readers(of: getpid()).first { $0.file == path }).id)
  }

  @Test func aProcessThatHasEndedSaysSoAtEveryQuestion() throws {
    let (file, process) = try opened()
    defer { try? FileManager.default.removeItem(atPath: file.path) }
    // What interrupts the program does not end its reader.
    for harmless in [SIGINT, SIGTERM, SIGHUP] { kill(process, harmless) }
    #expect(try file.contains("identity"))
    kill(process, SIGKILL)
    let text =
      "\(file.path): 'identity': the process that reads it was killed (signal 9), by hand or for want"
      + " of memory; try again"
    #expect(errorText { _ = try file.labels("identity") } == text)
    #expect(errorText { _ = try file.read("embeddings") } == text)
  }

  @Test func theProcessMayReadItsFileAndNothingElse() throws {
    let (file, process) = try opened()
    defer { try? FileManager.default.removeItem(atPath: file.path) }
    func lines(_ name: String) throws -> [String] {
      try String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    let status = try lines("status")
    #expect(status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"))
    let limits = try lines("limits").map { $0.split(separator: " ").map(String.init) }
    func limit(_ name: String) -> [String]? {
      limits.first { $0.joined(separator: " ").hasPrefix(name) }.map { Array($0.dropFirst(3)) }
    }
    #expect(limit("Max open files")?.prefix(2) == ["0", "0"])
    #expect(limit("Max file size")?.prefix(2) == ["0", "0"])
    #expect(limit("Max address space")?.first != "unlimited")
    #expect(limit("Max cpu time")?.first != "unlimited")
    #expect(try file.labels("identity").isEmpty == false)
  }

  /// Damaged copies are read or refused with their name; none ends the program or keeps it.
  @Test(arguments: [
    "f64_big_endian", "f16_gzip_fixed_strings", "int_scaleoffset", "nested_soft_link",
    "float_identity_boolean_gender",
  ])
  func mutantsAreReadOrRefused(_ name: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("x.h5").path
    try FileManager.default.copyItem(atPath: hdf5Fixture(name), toPath: copy)
    let counts = try tryMutants(of: copy, count: max(1, mutantCount / 5)) { path in
      let file = try HDF5File(path: path)
      var content = "\(try file.attributes())"
      for entry in try file.entries() where !entry.isRefusedLink {
        content += entry.path
        let dataset = try file.dataset(entry.path)
        if dataset.isNumeric {
          let matrix = try dataset.readMatrix()
          content += "\((0..<matrix.rows).map { Array(matrix[row: $0]) })"
        } else {
          content += "\(try dataset.labels())"
        }
      }
      return Data(content.utf8)
    }
    #expect(counts.unnamed == 0, "\(counts)")
    #expect(counts.refused > 0, "\(counts)")
  }

  @Test func whatWasNeverWrittenAndLongTextsAreRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [1_000_000, 512], chunk: [1_000, 512])
    try writer.writeStrings("identity", ["a", String(repeating: "b", count: 70_000)])
    try writer.finish()
    let file = try HDF5File(path: path)
    #expect(
      errorText { _ = try file.read("embeddings") }
        == "\(path): 'embeddings' has 1000000 rows of 512 values and stores 0 bytes of them, so most"
        + " were never written; where only the first rows are filled, take these with Harness import"
        + " … --rows N")
    #expect(
      errorText { _ = try file.labels("identity") }
        == "\(path): 'identity' has a text of more than 65536 bytes in row 1; labels are shorter")
  }

  @Test func manyDatasetsAreReadWithOneQuestion() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("a", .float32, shape: [2, 3])
    try writer.write("a", rows: 0..<2, from: [1, 2, 3, 4, 5, 6] as [Float])
    try writer.create("b", .float16, shape: [2])
    try writer.write("b", rows: 0..<2, from: [0.5, -1] as [Float])
    try writer.setAttribute("sex", "F", of: "b")
    try writer.finish()
    let file = try HDF5File(path: path)
    var values = [Float](repeating: 0, count: 8)
    try values.withUnsafeMutableBufferPointer {
      try file.read(["b", "a"], count: 8, into: $0.baseAddress!)
    }
    #expect(values == [0.5, -1, 1, 2, 3, 4, 5, 6])
    #expect(try file.attributes(of: ["a", "b"]) == [[:], ["sex": "F"]])
    // Another number than is there, and what is not there.
    for (names, count) in [(["a", "b"], 7), (["a"], 7), (["a", "c"], 6)] {
      let text = errorText {
        try values.withUnsafeMutableBufferPointer {
          try file.read(names, count: count, into: $0.baseAddress!)
        }
      }
      #expect(text.hasPrefix(path) && text != "\(path): ", "\(text)")
    }
    #expect(try file.datasets() == ["a", "b"])
  }

  // MARK: - What comes back

  /// A message of a length, as bytes.
  private func message(_ text: String) -> [UInt8] { count(text.utf8.count) + Array(text.utf8) }

  private func count(_ count: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(count).littleEndian) { Array($0) }
  }

  private func received<T>(_ bytes: [UInt8], _ body: (HDF5Channel) throws -> T) throws -> T {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
    try pipe.fileHandleForWriting.close()
    return try body(
      HDF5Channel(input: pipe.fileHandleForReading.fileDescriptor, output: -1))
  }

  @Test func textsComeBackAsTheyWereSent() throws {
    let texts = ["", "a", "Zoë", String(repeating: "x", count: 300_000), "end"]
    let pipe = Pipe()
    let writing = HDF5Channel(input: -1, output: pipe.fileHandleForWriting.fileDescriptor)
    let sender = Thread { try? writing.send(texts: texts) }
    sender.start()
    let reading = HDF5Channel(input: pipe.fileHandleForReading.fileDescriptor, output: -1)
    #expect(try reading.receiveTexts(texts.count) == texts)
  }

  @Test func textsThatAreNoneAreRefused() throws {
    let good = count(2) + Array("ab".utf8)
    #expect(try received(count(6) + good + count(0)) { try $0.receiveTexts(1) } == ["ab"])
    for (bytes, wanted) in [
      // Fewer and more than asked for.
      (count(6) + good + count(0), 2), (count(12) + good + good + count(0), 1),
      // A length beyond the packet, a packet cut off, no UTF-8, no end.
      (count(6) + count(3) + Array("ab".utf8) + count(0), 1), (count(9) + good, 1),
      (count(6) + count(2) + [0xFF, 0xFE] + count(0), 1), (count(6) + good, 1),
      // A size that memory would be asked for.
      (count(0xFFFF_FFFF), 1),
    ] {
      #expect(throws: HDF5Channel.Failure.self) {
        try received(bytes) { try $0.receiveTexts(wanted) }
      }
    }
  }

  @Test func sizesThatCannotBeAreNotBelieved() throws {
    func isSound(_ shape: String, chunk: String = "null") throws -> Bool {
      let text =
        #"{"description":{"_0":{"shape":\#(shape),"chunk":\#(chunk),"filters":[],"#
        + #""typeName":"float32","isNumeric":true,"storedBytes":48}}}"#
      guard
        case .description(let description) = try received(
          message(text), { try $0.receive(HDF5Answer.self) })
      else { return false }
      return description.isSound
    }
    #expect(try isSound("[3,4]") && isSound("[]") && isSound("[3,4]", chunk: "[1,4]"))
    #expect(try !isSound("[-1,4]") && !isSound("[4294967296,4294967296]"))
    #expect(try !isSound("[1,1,1,1,1]") && !isSound("[3,4]", chunk: "[1]"))
    #expect(throws: HDF5Channel.Failure.self) {
      try received(message("{}")) { try $0.receive(HDF5Answer.self) }
    }
    #expect(throws: HDF5Channel.Failure.self) {
      try received(count(0x7FFF_FFFF)) { try $0.receive(HDF5Answer.self) }
    }
  }
}

private func hostile(_ name: String) -> String {
  fixturesFolder.appendingPathComponent("hostile/\(name).h5").path
}

/// The processes that read HDF5 for a process, with their files.
private func readers(of parent: pid_t) throws -> [(id: pid_t, file: String)] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
    guard let id = pid_t(name),
      let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8),
      status.contains("\nPPid:\t\(parent)\n"),
      let file = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/3")
    else { return nil }
    return (id, file)
  }
}
