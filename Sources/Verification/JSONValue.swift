import Files
import Foundation

/// A JSON document as fixtures write it: numbers as float64, "inf"/"-inf" as strings, null where a
/// value is undefined.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: `FixtureError.unreadable` with the parser's reason.
  package init(contentsOf url: URL) throws {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: RegularFile.read(url.path))
    } catch {
      throw FixtureError.unreadable(file: url.lastPathComponent, reason: "\(error)")
    }
  }
}

extension JSONValue: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}

/// Typed access; every miss is an error that names the key or the type found.
extension JSONValue {
  package var isNull: Bool { if case .null = self { true } else { false } }

  package subscript(key: String) -> JSONValue {
    get throws {
      guard case .object(let members) = self else {
        throw FixtureError.wrongType(expected: "object with '\(key)'", found: kind)
      }
      guard let value = members[key] else { throw FixtureError.missingKey(key) }
      return value
    }
  }

  /// The member, or nil when the object has none or it is null.
  package func optional(_ key: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[key], !value.isNull else {
      return nil
    }
    return value
  }

  package var members: [String: JSONValue] {
    get throws {
      guard case .object(let members) = self else {
        throw FixtureError.wrongType(expected: "object", found: kind)
      }
      return members
    }
  }

  package var array: [JSONValue] {
    get throws {
      guard case .array(let values) = self else {
        throw FixtureError.wrongType(expected: "array", found: kind)
      }
      return values
    }
  }

  /// A number; the strings "inf", "-inf" and "nan" count as numbers, booleans as 0 and 1.
  package var double: Double {
    get throws {
      switch self {
      case .number(let value): return value
      case .bool(let value): return value ? 1 : 0
      case .string("inf"): return .infinity
      case .string("-inf"): return -.infinity
      case .string("nan"): return .nan
      default: throw FixtureError.wrongType(expected: "number", found: kind)
      }
    }
  }

  package var int: Int {
    get throws {
      let value = try double
      guard let exact = Int(exactly: value) else {
        throw FixtureError.wrongType(expected: "integer", found: "\(value)")
      }
      return exact
    }
  }

  package var string: String {
    get throws {
      guard case .string(let value) = self else {
        throw FixtureError.wrongType(expected: "string", found: kind)
      }
      return value
    }
  }

  package var bool: Bool {
    get throws {
      switch self {
      case .bool(let value): return value
      case .number(let value) where value == 0 || value == 1: return value == 1
      default: throw FixtureError.wrongType(expected: "boolean", found: kind)
      }
    }
  }

  package var doubles: [Double] { get throws { try array.map { try $0.double } } }
  package var bools: [Bool] { get throws { try array.map { try $0.bool } } }
  package var ints: [Int] { get throws { try array.map { try $0.int } } }
  package var strings: [String] { get throws { try array.map { try $0.string } } }
  package var matrix: [[Double]] { get throws { try array.map { try $0.doubles } } }

  /// The numbers of nested lists in order, or the number itself.
  var numbers: [Double] {
    get throws {
      guard case .array(let values) = self else { return [try double] }
      return try values.flatMap { try $0.numbers }
    }
  }

  private var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string(let text): "string '\(text)'"
    case .array(let values): "array of \(values.count)"
    case .object: "object"
    }
  }
}

/// What can be wrong with a fixture file.
package enum FixtureError: Error, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case missingKey(String)
  case wrongType(expected: String, found: String)

  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): not a readable fixture: \(reason)"
    case .missingKey(let key): "no key '\(key)'"
    case .wrongType(let expected, let found): "found \(found), expected \(expected)"
    }
  }
}
