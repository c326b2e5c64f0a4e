import Foundation

/// How many mutants of each kind of file are tried: MUTANTS of the environment, else 300.
package let mutantCount =
  ProcessInfo.processInfo.environment["MUTANTS"].flatMap(Int.init) ?? 300

/// What became of the mutants of a file.
package struct MutantCounts: Equatable, CustomStringConvertible {
  /// Refused with an error that names the file.
  package var refused = 0
  /// Refused with an error that does not.
  package var unnamed = 0
  /// Read, with the content of the original.
  package var same = 0
  /// Read with another content.
  package var silent = 0

  package var description: String {
    "\(refused) refused, \(same) read with the same content, \(silent) with another one, "
      + "\(unnamed) refused without naming the file"
  }
}

/// Changes a file as disks, copies and editors do, again and again, and reads it each time.
///
/// The file is as it was in the end.
///
/// - Parameter read: reads the file as the program does that trusts it; its content in a form that is
///   equal for equal contents.
package func tryMutants(
  of file: String, count: Int = mutantCount, read: (String) throws -> Data
) throws -> MutantCounts {
  let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
  let content = try read(file)
  var mutator = Mutator(state: 0x9E37_79B9_7F4A_7C15)
  var counts = MutantCounts()
  for _ in 0..<count {
    var mutant = original
    while mutant == original { mutator.mutate(&mutant) }
    try Data(mutant).write(to: URL(fileURLWithPath: file))
    do {
      if try read(file) == content { counts.same += 1 } else { counts.silent += 1 }
    } catch {
      if "\(error)".contains(file) { counts.refused += 1 } else { counts.unnamed += 1 }
    }
  }
  try Data(original).write(to: URL(fileURLWithPath: file))
  return counts
}

/// Random changes of bytes, the same in every run.
private struct Mutator {
  var state: UInt64

  /// Uniform in 0 ..< `bound` (xorshift64; its bias does not matter here).
  private mutating func random(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 1) % max(1, bound)
  }

  private mutating func range(in count: Int, longest: Int) -> Range<Int> {
    let length = min(count, 1 + random(longest))
    let start = random(count - length + 1)
    return start..<(start + length)
  }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(random(256)) }
  }

  mutating func mutate(_ file: inout [UInt8]) {
    if file.isEmpty {
      file = bytes(1)
      return
    }
    switch random(12) {
    case 0: file[random(file.count)] ^= 1 << UInt8(random(8))
    case 1: file[random(file.count)] = UInt8(random(256))
    // The beginning, where files say what they are.
    case 2: file[random(min(file.count, 600))] ^= 1 << UInt8(random(8))
    case 3:
      let some = bytes(1 + random(8))
      file.insert(contentsOf: some, at: random(file.count + 1))
    case 4: file.removeSubrange(range(in: file.count, longest: 64))
    case 5: file.removeLast(1 + random(file.count))
    case 6: file += bytes(1 + random(64))
    case 7:
      for i in range(in: file.count, longest: 4096) { file[i] = 0 }
    case 8:
      // A block of another place.
      let source = range(in: file.count, longest: 512)
      let target = random(file.count - source.count + 1)
      file.replaceSubrange(target..<(target + source.count), with: Array(file[source]))
    case 9:
      // A number edited by hand.
      let digits = file.indices.filter { (48...57).contains(file[$0]) }
      if !digits.isEmpty { file[digits[random(digits.count)]] = UInt8(48 + random(10)) }
    case 10:
      // Spaces and line ends, which JSON does not care about.
      file.insert([32, 10, 13, 9][random(4)], at: random(file.count + 1))
    default:
      // A line twice, or a piece of a file without lines.
      let lines = file.split(separator: 10, omittingEmptySubsequences: false)
      let line = lines[random(lines.count)]
      file.insert(contentsOf: Array(line.prefix(512)) + [10], at: line.startIndex)
    }
  }
}
