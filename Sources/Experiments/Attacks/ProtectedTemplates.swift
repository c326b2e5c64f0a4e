import Datasets
import Kernels
import Privacy

/// The templates of one fold under a protection scheme: references of both sides and what they are
/// compared with.
struct ProtectedTemplates {
  let scheme: any ProtectionScheme
  /// References of the targets.
  let targets: FloatMatrix
  /// References that the attacker enrolled himself; nil: none in this fold.
  let own: FloatMatrix?
  /// The attacker's samples, all attributes one below the other.
  let galleries: FloatMatrix
  let probesAndGalleries: FloatMatrix

  init(scheme: any ProtectionScheme, attacked: AttackData, fold: Int) {
    self.scheme = scheme
    let comparison = attacked.data.comparisons[fold]
    func references(_ people: ComparisonProtocol, _ keys: [UInt32]) -> FloatMatrix {
      scheme.protect(
        people.references.packed(), serials: people.referenceSubjects.map { keys[Int($0)] },
        role: .reference)
    }
    targets = references(comparison, attacked.data.subjectKeys)
    own = attacked.own.comparisons[fold].map { references($0, attacked.own.keys) }
    // A fresh protection for every template: serial numbers of probes and galleries differ.
    galleries = stacked(
      attacked.attributes.enumerated().map { a, attribute in
        let first = 0x8000_0000 + UInt32(a) * 0x0100_0000
        return scheme.protect(
          attribute.gallery.vectors,
          serials: (0..<UInt32(attribute.gallery.count)).map { first + $0 }, role: .probe)
      })
    let probes = scheme.protect(
      comparison.probes.packed(), serials: comparison.probeRows.map { UInt32($0) }, role: .probe)
    probesAndGalleries = stacked([probes, galleries])
  }
}
