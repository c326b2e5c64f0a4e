/// The header of a .npy file, versions 1 to 3: element type, order and shape.
struct NumpyHeader: Hashable {
  /// Kinds of elements that are read.
  enum Kind: String, Hashable {
    case float = "f"
    case integer = "i"
    case unsigned = "u"
    case boolean = "b"
    /// UTF-32 of a fixed number of characters, `<U12`.
    case unicode = "U"
    /// Bytes of a fixed number, `S12`.
    case bytes = "S"
  }

  let kind: Kind
  /// Bytes of an element.
  let size: Int
  let isBigEndian: Bool
  /// Whether the first axis runs fastest.
  let isFortran: Bool
  let shape: [Int]
  /// Where the elements begin.
  let start: Int

  /// Most bytes of a header; NumPy itself reads at most 10,000 of what it does not trust.
  private static let mostBytes = 1 << 20

  /// Reads the header, and holds what it declares against the bytes that are there.
  init(_ source: any ByteSource, file: String, place: String?) throws {
    func fail(_ reason: String) -> ImportError { ImportError(file, place, reason) }
    let beginning = ByteReader(bytes: try source.bytes(0..<min(12, source.count)))
    guard beginning.bytes.starts(with: [0x93] + Array("NUMPY".utf8)), beginning.bytes.count >= 10
    else { throw fail("is no .npy array (it does not begin with \\x93NUMPY)") }
    let version = beginning.bytes[6]
    guard (1...3).contains(version) else {
      throw fail(
        "is a .npy array of version \(version), expected 1 to 3; save it again with np.save")
    }
    let lengthBytes = version == 1 ? 2 : 4
    let declared =
      version == 1
      ? beginning.number(UInt16.self, at: 8).map { Int($0) }
      : beginning.number(UInt32.self, at: 8).map { Int($0) }
    guard let length = declared, length <= Self.mostBytes,
      length <= source.count - 8 - lengthBytes
    else { throw fail("ends within its header: the copy is incomplete, copy it again") }
    start = 8 + lengthBytes + length
    let text = String(decoding: try source.bytes(8 + lengthBytes..<start), as: UTF8.self)
    let fields = try NumpyDictionary(text, fail)
    isFortran = fields.isFortran
    shape = fields.shape
    (kind, size, isBigEndian) = try Self.type(fields.descr, fail)
    try Self.checkSize(shape, size, available: source.count - start, fail)
  }

  /// Elements of all axes.
  var count: Int { shape.reduce(1, *) }

  /// The element type that a `descr` names.
  private static func type(
    _ descr: String, _ fail: (String) -> ImportError
  ) throws -> (Kind, Int, Bool) {
    var text = Substring(descr)
    let order = text.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { text.removeFirst() }
    guard let letter = text.popFirst() else { throw fail("names no element type") }
    let known = letter == "a" ? Kind.bytes : Kind(rawValue: String(letter))
    guard let kind = known else {
      throw fail(
        "holds \(strange[letter] ?? "elements of the type '\(descr)'"), expected float16, float32 or"
          + " float64, integers or fixed-width text; save it again with x.astype('float32') or"
          + " x.astype(str)")
    }
    guard let number = Int(text), number >= 0, number <= 1 << 20 else {
      throw fail("names the element type '\(descr)', which is not read")
    }
    let size = kind == .unicode ? number * 4 : number
    let sizes: [Int]? =
      switch kind {
      case .float: [2, 4, 8]
      case .integer, .unsigned: [1, 2, 4, 8]
      case .boolean: [1]
      case .unicode, .bytes: nil
      }
    if let sizes, !sizes.contains(size) {
      throw fail(
        "holds elements of the type '\(descr)', expected float16, float32 or float64; save it again"
          + " with x.astype('float32')")
    }
    return (kind, size, order == ">")
  }

  /// Types that NumPy saves and that are not read.
  private static let strange: [Character: String] = [
    "O": "Python objects (a pickle, which can run code when it is read; for texts save"
      + " x.astype(str), for vectors np.stack(x))",
    "c": "complex numbers", "V": "raw bytes (bfloat16, or records)", "M": "dates",
    "m": "time spans",
  ]

  /// Declared elements must be the bytes that are there, neither more nor less.
  private static func checkSize(
    _ shape: [Int], _ size: Int, available: Int, _ fail: (String) -> ImportError
  ) throws {
    var bytes = size
    for length in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
      if overflow { throw fail("declares the shape \(shape), which no file can hold") }
      bytes = product
    }
    if bytes > available {
      throw fail(
        "declares the shape \(shape), \(bytes) bytes, and holds \(available): the copy is incomplete,"
          + " copy it again")
    }
    if bytes < available {
      throw fail(
        "declares the shape \(shape), \(bytes) bytes, and holds \(available - bytes) more (several"
          + " arrays in one file?); save each array in a file of its own")
    }
    // No product of axes overflows from here on, even where an element has no bytes.
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      if overflow || product > 1 << 34 {
        throw fail("declares the shape \(shape), more than is read")
      }
      count = product
    }
  }
}

/// The Python dictionary of a header: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
private struct NumpyDictionary {
  var descr = ""
  var isFortran = false
  var shape: [Int] = []

  init(_ text: String, _ fail: (String) -> ImportError) throws {
    let damaged = fail("has a header that is not NumPy's; save it again with np.save")
    var rest = Substring(text.trimmingPrefix { $0.isWhitespace })
    func skipBlanks() { while rest.first?.isWhitespace == true { rest.removeFirst() } }
    func take(_ word: String) -> Bool {
      skipBlanks()
      guard rest.hasPrefix(word) else { return false }
      rest.removeFirst(word.count)
      return true
    }
    func quoted() -> String? {
      skipBlanks()
      guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
      rest.removeFirst()
      guard let end = rest.firstIndex(of: quote) else { return nil }
      let text = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return text
    }
    var seen: Set<String> = []
    guard take("{") else { throw damaged }
    while !take("}") {
      guard let key = quoted(), take(":"), seen.insert(key).inserted else { throw damaged }
      switch key {
      case "descr":
        guard let word = quoted() else {
          throw fail(
            "holds records with fields; save each field by itself, e.g. np.save('identity.npy',"
              + " x['identity'])")
        }
        descr = word
      case "fortran_order":
        if take("True") {
          isFortran = true
        } else if !take("False") {
          throw damaged
        }
      case "shape":
        guard take("(") else { throw damaged }
        while !take(")") {
          skipBlanks()
          // Python 2 wrote 3L.
          let digits = rest.prefix { $0.isASCII && $0.isNumber }
          guard let length = Int(digits), shape.count < 32 else { throw damaged }
          rest.removeFirst(digits.count)
          _ = take("L")
          shape.append(length)
          if !take(",") {
            guard take(")") else { throw damaged }
            break
          }
        }
      default: throw damaged
      }
      if !take(",") {
        guard take("}") else { throw damaged }
        break
      }
    }
    guard seen == ["descr", "fortran_order", "shape"] else { throw damaged }
  }
}
