import CConfinement
import Foundation
import HDF5

/// Reads one HDF5 file for the program that started this process, and may do nothing else: answers
/// questions from standard input on standard output until there are no more.
///
/// - Parameters:
///   - channel: standard input and output.
///   - isConfined: false: this process does other things, too, and keeps its rights (fuzzing).
/// - Returns: exit code of the process: 0, or 64 for input that is no question.
package func answerHDF5Questions(
  _ channel: HDF5Channel = HDF5Channel(input: STDIN_FILENO, output: STDOUT_FILENO),
  isConfined: Bool = true
) -> Int32 {
  if isConfined {
    // These are for the program, which may have to finish something; its end is the end of input here.
    for ignored in [SIGINT, SIGTERM, SIGHUP] { signal(ignored, SIG_IGN) }
  }
  do {
    guard case .open(let path) = try channel.receive(HDF5Question.self) else { return 64 }
    // The library makes itself ready before files are closed to it.
    HDF5Library.serialised {}
    // A chunk of the largest size, compressed and not, and a block of values.
    if isConfined {
      confine_resources(4 << 30)
      limit_processor_time(Limits.seconds)
    }
    let file: LibraryFile
    do {
      file = try LibraryFile(path: path)
    } catch let error as HDF5Error {
      try channel.send(HDF5Answer.failed(error))
      return 0
    }
    if isConfined { confine_calls() }
    try channel.send(HDF5Answer.opened)
    var answering = Answering(file: file, channel: channel, isConfined: isConfined)
    while true { try answering.answer(try channel.receive(HDF5Question.self)) }
  } catch HDF5Channel.Failure.ended {
    return 0
  } catch {
    return 64
  }
}

/// How long an answer may take.
private enum Limits {
  /// Seconds of processor time of any answer, and values and labels for which another is added.
  static let seconds: UInt = 10
  static let values = 0x1p20
  static let labels = 1 << 16
}

/// Answers of one file.
private struct Answering {
  let file: LibraryFile
  let channel: HDF5Channel
  let isConfined: Bool
  /// The dataset that was asked about last, open.
  private var open: LibraryDataset?

  init(file: LibraryFile, channel: HDF5Channel, isConfined: Bool) {
    (self.file, self.channel, self.isConfined) = (file, channel, isConfined)
  }

  /// Errors of the file are an answer, too.
  mutating func answer(_ question: HDF5Question) throws {
    allow(seconds: 0)
    do {
      try answered(question)
    } catch let error as HDF5Error {
      try channel.send(HDF5Answer.failed(error))
    }
  }

  private mutating func answered(_ question: HDF5Question) throws {
    switch question {
    case .open:
      throw HDF5Channel.Failure.malformed("a second file")
    case .entries:
      allow(seconds: 50)
      try channel.send(HDF5Answer.entries(try file.entries()))
    case .contains(let path):
      try channel.send(HDF5Answer.truth(file.contains(path)))
    case .attributes(let objects):
      allow(seconds: UInt(objects.count / 256))
      try channel.send(HDF5Answer.attributes(try objects.map { try file.attributes(of: $0) }))
    case .description(let path):
      let dataset = try dataset(path)
      try channel.send(
        HDF5Answer.description(
          HDF5Description(
            shape: dataset.shape, chunk: dataset.chunk, filters: dataset.filters,
            typeName: dataset.typeName, isNumeric: dataset.type.isNumeric,
            storedBytes: dataset.storedBytes, offset: dataset.offset)))
    case .rows(let path, let range):
      try sendRows(of: try dataset(path), range)
    case .values(let paths, let count):
      try sendValues(of: paths, count)
    case .columns(let path, let range):
      let dataset = try dataset(path)
      allow(values: Double(dataset.shape.first ?? 0) * Double(range.count))
      try send(try dataset.columns(range))
    case .fields(let path, let names, let range):
      let dataset = try dataset(path)
      allow(values: Double(range.count) * 512)
      try send(try dataset.numbers(fields: names, rows: range))
    case .labels(let path, let labels):
      try sendLabels(of: try dataset(path), labels)
    }
  }

  private mutating func dataset(_ path: String) throws -> LibraryDataset {
    if let open, open.path == path { return open }
    // With its cache of chunks.
    open = nil
    let dataset = try LibraryDataset(file: file, path: path)
    open = dataset
    return dataset
  }

  private func sendRows(of dataset: LibraryDataset, _ range: Range<Int>) throws {
    let (count, overflow) = range.count.multipliedReportingOverflow(by: dataset.columns)
    guard range.lowerBound >= 0, range.upperBound <= dataset.rows, !overflow,
      count <= HDF5Limits.valuesAtOnce
    else {
      throw dataset.place.refused(
        "has rows of \(dataset.columns) values, more than are read at once")
    }
    allow(values: Double(count))
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, count))
    defer { values.deallocate() }
    try dataset.read(rows: range, into: values.baseAddress!)
    try send(UnsafeBufferPointer(rebasing: values[..<count]))
  }

  /// Datasets that are small and many.
  private func sendValues(of paths: [String], _ count: Int) throws {
    guard count >= 0, count <= HDF5Limits.valuesAtOnce else {
      throw HDF5Error.refused(
        file: file.path, dataset: "/", reason: "has \(count) values, more than are read at once")
    }
    allow(values: Double(count) + Double(paths.count) * 1024)
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, count))
    defer { values.deallocate() }
    var filled = 0
    for path in paths {
      let dataset = try LibraryDataset(file: file, path: path)
      let (own, overflow) = dataset.rows.multipliedReportingOverflow(by: dataset.columns)
      guard !overflow, own <= count - filled else {
        throw dataset.place.refused("has the shape \(dataset.shape), another than before")
      }
      try dataset.read(rows: 0..<dataset.rows, into: values.baseAddress! + filled)
      filled += own
    }
    guard filled == count else {
      throw HDF5Error.refused(
        file: file.path, dataset: paths.first ?? "/",
        reason: "and those after it have \(filled) values, expected \(count)")
    }
    try send(UnsafeBufferPointer(rebasing: values[..<count]))
  }

  private func sendLabels(of dataset: LibraryDataset, _ labels: HDF5Labels) throws {
    let count = dataset.shape.reduce(1, *)
    // A column is one of a matrix.
    let most = if case .column = labels { dataset.rows } else { count }
    let limit =
      if case .characters = labels { HDF5Limits.labelBytes } else { HDF5Limits.labels }
    guard most <= limit else {
      throw dataset.place.refused("has \(most) labels, more than the \(limit) that are read")
    }
    allow(seconds: UInt(most / Limits.labels))
    let texts =
      switch labels {
      case .vector(let allowsFractions, let allowsMissing):
        try dataset.labels(allowsFractions: allowsFractions, allowsMissing: allowsMissing)
      case .column(let column, let allowsFractions):
        try dataset.labels(column: column, allowsFractions: allowsFractions)
      case .field(let name, let element, let allowsFractions):
        try dataset.labels(field: name, element: element, allowsFractions: allowsFractions)
      case .bits: try dataset.bits()
      case .references: try dataset.referencedTexts()
      case .characters: try dataset.characterRows()
      }
    guard texts.reduce(0, { $0 + $1.utf8.count }) <= HDF5Limits.labelBytes else {
      throw dataset.place.refused(
        "has more than \(HDF5Limits.labelBytes >> 20) MiB of text, more than is read")
    }
    try channel.send(HDF5Answer.texts(texts.count))
    try channel.send(texts: texts)
  }

  private func send(_ values: [Float]) throws {
    try values.withUnsafeBufferPointer { try send($0) }
  }

  private func send(_ values: UnsafeBufferPointer<Float>) throws {
    try channel.send(HDF5Answer.floats(values.count))
    try channel.send(UnsafeRawBufferPointer(values))
  }

  /// More time for more values.
  private func allow(values: Double) { allow(seconds: UInt(min(values, 1e12) / Limits.values)) }

  /// So many seconds of processor time more than any answer has.
  private func allow(seconds: UInt) {
    if isConfined { limit_processor_time(Limits.seconds + seconds) }
  }
}
