extension ExperimentSpec: Encodable {
  private enum ContentKey: String, CodingKey {
    case name, title, outputs, extractors, datasets, evaluate, partition
    case partitionExceptions, allowOverlap
    case configurations, nearDuplicates, balancingFactors, protocolSwitches, conventions,
      operatingPoints
    case bootstrap, seed, repeats, limits, attack, groups, choosesFactorPerSubject
    case templatePrecision, cost
  }

  /// Writes the resolved content; the places of the spec and of the data are not part of it.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ContentKey.self)
    try container.encode(name, forKey: .name)
    try container.encode(title, forKey: .title)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(extractors, forKey: .extractors)
    try container.encode(datasets.sorted { $0.name < $1.name }, forKey: .datasets)
    try container.encode(evaluate, forKey: .evaluate)
    try container.encode(partition, forKey: .partition)
    try container.encode(partitionExceptions, forKey: .partitionExceptions)
    try container.encode(allowOverlap, forKey: .allowOverlap)
    // Named only where it differs from what there was before there was a choice.
    if nearDuplicates != .warn { try container.encode(nearDuplicates, forKey: .nearDuplicates) }
    try container.encode(configurations, forKey: .configurations)
    try container.encode(balancingFactors, forKey: .balancingFactors)
    try container.encode(protocolSwitches, forKey: .protocolSwitches)
    try container.encode(conventions, forKey: .conventions)
    try container.encode(operatingPoints, forKey: .operatingPoints)
    try container.encode(bootstrap, forKey: .bootstrap)
    try container.encode(seed, forKey: .seed)
    try container.encode(repeats, forKey: .repeats)
    try container.encode(limits, forKey: .limits)
    try container.encodeIfPresent(attack, forKey: .attack)
    try container.encode(groups, forKey: .groups)
    try container.encode(choosesFactorPerSubject, forKey: .choosesFactorPerSubject)
    try container.encodeIfPresent(templatePrecision, forKey: .templatePrecision)
    try container.encode(cost, forKey: .cost)
  }
}
