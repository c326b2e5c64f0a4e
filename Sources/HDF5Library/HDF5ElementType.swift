import CHDF5
import HDF5

/// How the elements of a dataset are stored, as far as reading needs to know.
struct HDF5ElementType: Sendable, Hashable, CustomStringConvertible {
  /// Kinds told apart by the reader.
  enum Kind: Sendable, Hashable {
    /// IEEE binary16, read raw: the library's own conversion is 70 times slower than a table.
    case half
    case float
    case signedInteger
    case unsignedInteger
    case variableString
    case fixedString
    case enumeration
    /// Anything else, with a name for messages.
    case other(String)
  }

  let kind: Kind
  /// Bytes of an element.
  let size: Int
  let isBigEndian: Bool
  let isUTF8: Bool

  /// The element type behind a library identifier.
  init(type: hid_t) {
    size = H5Tget_size(type)
    isBigEndian = H5Tget_order(type) == H5T_ORDER_BE
    let typeClass = H5Tget_class(type)
    isUTF8 = typeClass == H5T_STRING && H5Tget_cset(type) == H5T_CSET_UTF8
    switch typeClass {
    case H5T_FLOAT: kind = Self.isHalf(type) ? .half : .float
    case H5T_INTEGER: kind = H5Tget_sign(type) == H5T_SGN_NONE ? .unsignedInteger : .signedInteger
    case H5T_STRING: kind = H5Tis_variable_str(type) > 0 ? .variableString : .fixedString
    case H5T_ENUM: kind = .enumeration
    case H5T_COMPOUND: kind = .other("a compound table (one record per row)")
    case H5T_VLEN: kind = .other("an array of variable-length lists")
    case H5T_ARRAY: kind = .other("an array of arrays")
    case H5T_REFERENCE: kind = .other("an array of references (MATLAB cell array?)")
    case H5T_BITFIELD: kind = .other("a bit field")
    case H5T_OPAQUE: kind = .other("opaque bytes")
    default: kind = .other("of an unknown type")
    }
  }

  /// True for numbers that can be read as float32.
  var isNumeric: Bool {
    switch kind {
    case .half, .float, .signedInteger, .unsignedInteger: true
    default: false
    }
  }

  /// e.g. "float64 big-endian", "variable-length UTF-8 strings".
  var description: String {
    let order = isBigEndian && size > 1 ? " big-endian" : ""
    return switch kind {
    case .half, .float: "float\(size * 8)\(order)"
    case .signedInteger: "int\(size * 8)\(order)"
    case .unsignedInteger: "uint\(size * 8)\(order)"
    case .variableString: "variable-length \(isUTF8 ? "UTF-8" : "ASCII") strings"
    case .fixedString: "\(size)-byte \(isUTF8 ? "UTF-8" : "ASCII") strings"
    case .enumeration: "an enumeration (or Boolean)"
    case .other(let name): name
    }
  }

  private static func isHalf(_ type: hid_t) -> Bool {
    var (sign, exponent, exponentBits, mantissa, mantissaBits) = (0, 0, 0, 0, 0)
    guard H5Tget_size(type) == 2,
      H5Tget_fields(type, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits) >= 0
    else { return false }
    return sign == 15 && exponent == 10 && exponentBits == 5 && mantissa == 0 && mantissaBits == 10
      && H5Tget_ebias(type) == 15
  }
}
