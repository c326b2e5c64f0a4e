import ArgumentParser
import Configurations
import Datasets
import Files
import Foundation
import Import

extension LabelJoin: ExpressibleByArgument {}
extension IdentityRule: ExpressibleByArgument {}

/// `Harness import FILES --output FILE.h5`: embeddings and labels of others in our layout.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring embeddings and labels of any layout into one file that specs can use.",
    discussion: """
      Reads .npy, .npz, CSV, TSV and HDF5 (h5py, PyTables, pandas, MATLAB v7.3). What is not named is
      taken from columns of usual names (embeddings, identity, gender, filename, …); what was taken from
      where is printed, then what `check` says of the file. Codes of gender are never guessed: say what
      numbers mean. COLUMN is a column of the file, a file of labels, or FILE:COLUMN. Exits 65 when the file cannot be used.

      Examples:
        Harness import x.npy --identity ids.npy --gender sex.npy --male 1 --female 0 --output mine.h5
        Harness import x.npz --embeddings emb --identity y --output mine.h5
        Harness import x.npy --filename names.txt --labels people.csv --join filename --output mine.h5
        Harness import lfw.npz --identity-from filename --labels lfw_people.csv --join identity \\
          --output lfw.h5
        Harness import table.h5 --embeddings faces/vector --identity faces/id --output mine.h5
        Harness import people.h5 --identity-from group --output mine.h5
        Harness import --layout official-code MOTE/data --output data
      """)

  /// Layouts of whole folders.
  enum Layout: String, ExpressibleByArgument, CaseIterable {
    case officialCode = "official-code"
  }

  @Argument(
    help: "Files of embeddings, taken one after the other; with --layout: a folder.",
    completion: .file())
  var inputs: [String]

  @Option(
    name: .shortAndLong, help: "HDF5 file to write; with --layout: a folder.", completion: .file())
  var output: String

  @Option(
    help: """
      Column of the embeddings; repeatable: taken one after the other. Of a text: one column, or 'f*' for \
      f0, f1, …; with --identity-from group: name of the datasets within groups.
      """)
  var embeddings: [String] = []

  @Option(help: "COLUMN of the person of each row; repeatable: one for each part.")
  var identity: [String] = []

  @Option(help: "COLUMN of the gender of each row; repeatable.")
  var gender: [String] = []

  @Option(help: "COLUMN of the image name of each row; repeatable.")
  var filename: [String] = []

  @Option(name: .customLong("attribute"), help: "Further labels, NAME=COLUMN; repeatable.")
  var attributes: [String] = []

  @Option(help: "CSV or TSV file of labels with a header; repeatable: read as one table.")
  var labels: [String] = []

  @Option(
    help: """
      What a row of --labels belongs to: row, filename or identity (default: filename where both name \
      images, else row).
      """)
  var join: LabelJoin?

  @Flag(help: "Leave out vectors whose image --labels does not name.")
  var dropUnmatched = false

  @Option(
    help: """
      Take the person from: filename (LFW, before the last _0001), folder, prefix (before the first _ or \
      -), or group (HDF5: a group or dataset per person).
      """)
  var identityFrom: IdentityRule?

  @OptionGroup var genders: GenderOptions

  @Option(
    name: .customLong("male-list"), help: "File with a name or image of a man per line; repeatable."
  )
  var maleLists: [String] = []

  @Option(name: .customLong("female-list"), help: "The same of women; repeatable.")
  var femaleLists: [String] = []

  @Option(help: "HDF5 group whose contents are taken; repeatable, e.g. --under train --under val.")
  var under: [String] = []

  @Flag(help: "The embeddings are stored [dimension, rows] (MATLAB files: are not).")
  var transpose = false

  @Option(
    help:
      "Take the first rows only, where the rest was never filled; repeatable: one for each part.")
  var rows: [Int] = []

  @Flag(inversion: .prefixedNo, help: "Whether the first line of a text names its columns.")
  var header: Bool?

  @Option(help: "A folder's layout: official-code, what the paper's public code reads.")
  var layout: Layout?

  @Option(help: "Name of the dataset, kept in the file.")
  var dataset: String?

  @Option(help: "The network that made the embeddings, kept in the file.")
  var model: String?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Check the file that was written, which reads it whole; without, memory is that of a block.")
  var check = true

  @Flag(help: "Replace a file that is there; inputs are never replaced.")
  var force = false

  func validate() throws {
    if inputs.isEmpty { throw ValidationError("no file given") }
    try SpecOptions.checkNotEmpty(output, "--output")
    for attribute in attributes where !attribute.dropFirst().contains("=") {
      throw ValidationError("'--attribute \(attribute)': expected NAME=COLUMN")
    }
    for rows in rows where rows < 1 {
      throw ValidationError("--rows \(rows): expected at least 1")
    }
    if let identityFrom, !identity.isEmpty {
      throw ValidationError(
        "--identity and --identity-from \(identityFrom.rawValue) both say who is shown; leave out one"
      )
    }
    if join != nil && labels.isEmpty { throw ValidationError("--join needs --labels") }
    if dropUnmatched && labels.isEmpty { throw ValidationError("--drop-unmatched needs --labels") }
    if layout != nil && inputs.count != 1 { throw ValidationError("--layout reads one folder") }
    var other = request
    other.genderCodes = GenderCodes()
    if layout != nil && other != ImportRequest(inputs) {
      throw ValidationError(
        "--layout knows where everything is; leave out the other options that say so (--male, --female"
          + " and --unlabelled may stay)")
    }
  }

  func run() throws {
    do {
      guard layout != nil else {
        if !report(try request.write(to: output, replaces: force), output) { throw ExitCode(65) }
        return
      }
      let found = try OfficialLayout(folder: inputs[0]).datasets()
      try AtomicFile.makeFolder(output)
      var isUsable = true
      for dataset in found {
        let path = (output as NSString).appendingPathComponent(dataset.filename)
        var request = dataset.request
        request.genderCodes = genders.codes
        isUsable = report(try request.write(to: path, replaces: force), path) && isUsable
      }
      if !isUsable { throw ExitCode(65) }
    } catch let code as ExitCode {
      throw code
    } catch {
      throw failure(error, code: error is OutputError ? 64 : 65)
    }
  }

  /// Prints what was taken from where, and what `check` says; false: the file cannot be used.
  private func report(_ lines: [String], _ path: String) -> Bool {
    print(path)
    for line in lines { print(escaped(line)) }
    if !check { return true }
    let report = DatasetReport(of: EmbeddingSource(path: path), dataset: dataset)
    let known: Set = ["dataset", "model", "source", "license", "vectors", "sha256", "equal"]
    for line in report.text.split(separator: "\n").dropFirst()
    where !known.contains(String(line.prefix { $0 != " " })) {
      print(escaped(String(line)))
    }
    return report.isUsable
  }

  private var request: ImportRequest {
    var request = ImportRequest(inputs)
    request.groups = under
    request.embeddings = embeddings
    request.identity = identity
    request.gender = gender
    request.filename = filename
    for attribute in attributes {
      let parts = attribute.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      request.attributes[String(parts[0])] = String(parts[1])
    }
    request.tables = labels
    request.join = join
    request.dropsUnmatched = dropUnmatched
    request.identityRule = identityFrom
    request.genderCodes = genders.codes
    request.maleLists = maleLists
    request.femaleLists = femaleLists
    request.isTransposed = transpose
    request.rows = rows
    request.hasHeader = header
    request.dataset = dataset
    request.model = model
    return request
  }
}
