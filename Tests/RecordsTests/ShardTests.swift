import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct ShardTests {
  @Test(arguments: ["", "1", "1/", "/2", "a/2", "2/2", "-1/2", "0/0", "0/1/2", "0.5/2"])
  func whatIsNoShareIsRefused(text: String) {
    #expect(Shard(text) == nil)
  }

  /// Every unit of every cell belongs to one shard, and shards are of equal size within one unit a
  /// cell, also where cells have a single unit.
  @Test(arguments: [1, 2, 3, 7], [1, 5, 12])
  func unitsAreDealtOut(count: Int, unitsPerCell: Int) throws {
    let shards = try (0..<count).map { try #require(Shard("\($0)/\(count)")) }
    var sizes = [Int](repeating: 0, count: count)
    for cell in 0..<10 {
      for unit in 0..<unitsPerCell {
        let owners = shards.filter { $0.owns(unit: unit, cell: cell) }
        #expect(owners.count == 1)
        sizes[owners[0].index] += 1
      }
    }
    #expect(sizes.max()! - sizes.min()! <= 10)
    if unitsPerCell == 1 { #expect(sizes.max()! - sizes.min()! <= 1 + 10 % count) }
  }
}
