/// Owner of 64-byte aligned arrays that live as long as it does.
package final class AlignedMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  package init() {}

  /// `count` zeros of a trivial type.
  package func zeros<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let bytes = max(count, 1) * MemoryLayout<T>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(raw)
    return raw.bindMemory(to: T.self, capacity: max(count, 1))
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}

/// `n` rounded up to a multiple of `unit`.
func roundedUp(_ n: Int, to unit: Int) -> Int { (n + unit - 1) / unit * unit }
