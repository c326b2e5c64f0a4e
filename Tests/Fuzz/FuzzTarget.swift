import Claims
import Configurations
import Datasets
import Files
import Foundation
import HDF5
import HDF5Library
import Import
import MOTE
import Records
import SpecFiles
import Specs

/// What is fed with made-up bytes. FUZZ_TARGET of the environment chooses; `make fuzz` runs all.
///
/// A target may throw whatever it likes: what must not happen is a crash, a hang, or memory without
/// bound, which the sanitizer and the limits of libFuzzer see.
enum FuzzTarget: String, CaseIterable {
  /// A spec, with its checks.
  case spec
  /// A file of claims.
  case claims
  /// Vectors of NumPy, as import reads them.
  case npy
  case npz
  /// Vectors and labels of CSV and TSV, likewise.
  case text
  /// A division of people that users give.
  case split
  /// The record of a cell.
  case records
  /// Scores of a unit.
  case scoreBlock = "score-block"
  /// Every question that there is about an HDF5 file, answered in this process.
  case hdf5
  /// Answers of the process that reads HDF5 files, as this program takes them.
  case hdf5Answers = "hdf5-answers"
  /// HDF5 files as import reads them, by the process that reads HDF5.
  case layouts
  /// Model-templates, likewise.
  case templates

  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let known = allCases.map(\.rawValue).joined(separator: ", ")
      fatalError("FUZZ_TARGET is '\(name)', expected one of \(known)")
    }
    return target
  }()

  /// Of the file that the bytes become; nil: the target takes the bytes.
  private var suffix: String? {
    switch self {
    case .spec, .claims: "yaml"
    case .npy: "npy"
    case .npz: "npz"
    case .text, .split: "csv"
    case .records: "json"
    case .scoreBlock: "f32"
    case .hdf5, .layouts, .templates: "h5"
    case .hdf5Answers: nil
    }
  }

  func run(_ bytes: UnsafeRawBufferPointer) throws {
    guard let suffix else { return try answers(bytes) }
    let path = scratch + "/input." + suffix
    let seal: Seal? =
      switch self {
      case .records: .json
      case .scoreBlock: .block
      case .templates: .hdf5
      default: nil
      }
    try Data((seal?.over([bytes]) ?? []) + Array(bytes)).write(to: URL(fileURLWithPath: path))
    switch self {
    case .spec:
      _ = try ExperimentSpec.load(path, environment: [:], checksFiles: false)
    case .claims: _ = try Claim.load(path)
    case .npy, .npz, .text, .layouts: try imported(path, bytes.count)
    case .split: _ = try Split(contentsOf: path)
    case .records: _ = try RecordFolder<EvaluationRecord>.read(path)
    case .scoreBlock:
      let block = try ScoreBlock<UnitOutcome>.read(from: path, inputHash: "")
      for row in 0..<(block?.scores.rows ?? 0) {
        sink += Double(block!.scores[row: row].first ?? 0)
      }
    case .hdf5: try questions(path)
    case .templates:
      let templates = try ModelTemplates(path: path)
      _ = try templates.references(0..<min(2, templates.count))
    case .hdf5Answers: break
    }
  }

  /// As vectors, and as labels too where there is an odd number of bytes.
  private func imported(_ path: String, _ count: Int) throws {
    var request = ImportRequest([path])
    if !count.isMultiple(of: 2) { request.identity = [path] }
    if self == .layouts, count % 3 == 0 { request.identityRule = .group }
    // The ways in which the file could be meant, of some: they are many readings of one file.
    if self == .layouts ? count % 16 == 0 : count % 4 == 0 {
      sink += Double(
        (try? FittingCommand(for: EmbeddingSource(path: path)))?.text.utf8.count ?? 0)
    }
    _ = try request.write(to: scratch + "/output.h5", replaces: true)
  }

  /// All that can be asked about a file, about each of its datasets.
  private func questions(_ path: String) throws {
    // Names of datasets are known after the first round.
    let entries = try answered([.open(path), .entries, .attributes(of: ["/"])])
    var questions: [HDF5Question] = [.open(path)]
    for entry in entries.prefix(8) {
      let name = entry.path
      questions += [
        .contains(name), .description(of: name), .rows(of: name, 0..<1), .columns(of: name, 0..<1),
        .values(
          of: [name], count: entry.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).0 }),
        .attributes(of: [name, "/"]),
        .labels(of: name, .vector(allowsFractions: true, allowsMissing: true)),
        .labels(of: name, .column(0, allowsFractions: true)), .labels(of: name, .bits),
        .labels(of: name, .references), .labels(of: name, .characters),
      ]
      for field in entry.fields.prefix(4) {
        questions += [
          .fields(of: name, [field.name, entry.fields[0].name], 0..<1),
          .labels(of: name, .field(field.name, element: 0, allowsFractions: true)),
        ]
      }
    }
    _ = try answered(questions)
  }

  /// Answers questions in this process; entries, where they are among the answers.
  private func answered(_ questions: [HDF5Question]) throws -> [HDF5Entry] {
    let (asked, told) = (memoryFile(), memoryFile())
    defer {
      close(asked)
      close(told)
    }
    let asking = HDF5Channel(input: -1, output: asked)
    for question in questions { try asking.send(question) }
    lseek(asked, 0, SEEK_SET)
    _ = answerHDF5Questions(HDF5Channel(input: asked, output: told), isConfined: false)
    lseek(told, 0, SEEK_SET)
    let answers = HDF5Channel(input: told, output: -1)
    for _ in questions.prefix(4) {
      guard let answer = try? answers.receive(HDF5Answer.self) else { break }
      if case .entries(let entries) = answer { return entries }
    }
    return []
  }

  /// What an answering process might send.
  private func answers(_ bytes: UnsafeRawBufferPointer) throws {
    let told = memoryFile()
    defer { close(told) }
    write(told, bytes.baseAddress, bytes.count)
    lseek(told, 0, SEEK_SET)
    let channel = HDF5Channel(input: told, output: -1)
    while true {
      switch try channel.receive(HDF5Answer.self) {
      case .texts(let count): sink += Double(try channel.receiveTexts(count).count)
      case .description(let description): sink += description.isSound ? 1 : 0
      case .entries(let entries): sink += Double(entries.count(where: \.isSound))
      case .failed(let error): sink += Double("\(error)".count)
      case .opened, .truth, .attributes, .floats: break
      }
    }
  }
}

/// A folder in memory for the files of this process.
private let scratch: String = {
  let path = "/dev/shm/mote-fuzz-\(getpid())"
  try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  atexit { try? FileManager.default.removeItem(atPath: "/dev/shm/mote-fuzz-\(getpid())") }
  return path
}()

/// What was computed is used.
nonisolated(unsafe) private var sink = 0.0

/// An empty file in memory, open; nobody else sees it.
private func memoryFile() -> Int32 {
  let path = scratch + "/pipe"
  let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
  unlink(path)
  precondition(file >= 0, "no file in \(scratch)")
  return file
}

/// What libFuzzer calls with bytes.
private func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  try? FuzzTarget.chosen.run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}

/// libFuzzer's loop (FuzzerInterface.h), which reads the arguments.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The main function, under the name by which the package manager links it.
@_cdecl("Fuzz_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments) { fuzz($0, $1) }
}
