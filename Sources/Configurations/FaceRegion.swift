/// Parts of an aligned face (definitions 12, E1).
package enum FaceRegion: String, Sendable, Codable, Hashable, CaseIterable {
  case eyes
  case nose
  case mouth
  case restOfFace = "rest of face"
  case background

  /// The region of a label in files of exported maps: 0 background, 1 rest of face, 2 and 3 the eyes, 4
  /// nose, 5 mouth; nil for other labels.
  package init?(label: Int) {
    switch label {
    case 0: self = .background
    case 1: self = .restOfFace
    case 2, 3: self = .eyes
    case 4: self = .nose
    case 5: self = .mouth
    default: return nil
    }
  }

  /// Eyes, nose and mouth: the central face.
  package static let central: [FaceRegion] = [.eyes, .nose, .mouth]
}
