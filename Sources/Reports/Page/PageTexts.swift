/// Sentences that stand on every page.
enum PageTexts {
  /// How to read numbers, conventions and gaps.
  static let howToRead = """
    <ul class="reading">
    <li>FMR is the share of non-mated comparisons (different people) that are accepted, FNMR the share \
    of mated comparisons (same person) that are rejected; a comparison is accepted when its score is \
    at least the threshold.</li>
    <li>The <em>default</em> convention uses one threshold for all comparisons and no \
    self-comparisons; <em>paper-compatible</em> uses thresholds per group with self-comparisons, as \
    the paper most probably has it.</li>
    <li><code>n/a</code> is a value that cannot be measured on these data, <code>–</code> a cell that was \
    not run; footnotes give reasons. Neither is a zero.</li>
    <li>A difference between two systems is only as good as its interval: where it covers 0, these data \
    do not tell the systems apart.</li>
    </ul>
    """
}
