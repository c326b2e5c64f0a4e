// Where bold is decided: which cells of a row are the best. Tables say which cells compete.
import Results

/// Sets in bold every cell whose printed value ties with the best of `indices`.
///
/// The comparison is made on the printed text, so that values that cannot be told apart in the
/// table are treated alike. Cells without number take no part; a lone number is not marked.
package func markBest(_ row: inout TableRow, among indices: some Sequence<Int>, _ best: Preference)
{
  let numbers = indices.compactMap { i in
    Double(row.cells[i].value.replacing("−", with: "-")).map { (i, $0) }
  }
  guard numbers.count > 1 else { return }
  let values = numbers.map(\.1)
  let winner = best == .lower ? values.min()! : values.max()!
  for (i, value) in numbers where value == winner { row.cells[i].isBold = true }
}
