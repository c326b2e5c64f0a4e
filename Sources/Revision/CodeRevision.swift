/// The revision of the sources that a program was built from, recorded by the build itself (the
/// plugin RecordRevision): it stays true when the program is copied elsewhere or the checkout moves
/// on after the build.
package struct CodeRevision: Sendable, Hashable, CustomStringConvertible {
  /// The commit, 40 hexadecimal digits; "unknown" where the build was not made in a git checkout.
  package var revision: String
  /// True when sources, plugins or Package.swift differed from the revision. Specs do not count:
  /// a record holds the hash of its own.
  package var isDirty: Bool

  package init(revision: String, isDirty: Bool) {
    self.revision = revision
    self.isDirty = isDirty
  }

  /// What this program was built from.
  package static let ofThisBuild = CodeRevision(
    revision: recordedRevision(), isDirty: recordedChanges())

  /// The packages this program was built with: version by name, e.g. "yams": "6.2.2". They are
  /// pinned in Package.swift, the one place that names them.
  package static let dependencies = Dictionary(
    uniqueKeysWithValues: recordedVersions().map { ($0.name, $0.version) })

  /// "1c4fcb5d… with uncommitted changes".
  package var description: String { revision + (isDirty ? " with uncommitted changes" : "") }
}
