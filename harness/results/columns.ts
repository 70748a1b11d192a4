/** What a column of results.csv holds. Units are in the names; an empty cell means "not known", never zero. */
interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly description: string;
}

/** The columns of results.csv in their order, one row for each (point, repeat). README documents them from here. */
export const columns = [
  {
    name: 'run_id',
    type: 'text',
    description: 'the run: time and suite; of simulated rows, suite and a digest of all that they follow from',
  },
  { name: 'suite', type: 'text', description: 'suite that asked for the point' },
  { name: 'protocol', type: 'text', description: 'protocol' },
  {
    name: 'variant',
    type: 'text',
    description: 'name of the option set, or the options that differ from their defaults; empty for defaults',
  },
  {
    name: 'f',
    type: 'number',
    description: 'Byzantine replicas tolerated (b in Q/U); 0 for the unreplicated server, which is measured once',
  },
  { name: 'n', type: 'number', description: 'replicas' },
  { name: 'quorum', type: 'number', description: 'replicas whose agreement decides' },
  { name: 'runtime', type: 'text', description: 'process, process-tcp, thread or sim' },
  {
    name: 'topology',
    type: 'text',
    description:
      'where the nodes ran: shared-host (all on the cores of one machine) where they are real; in sim, the topology that was simulated',
  },
  { name: 'service', type: 'text', description: 'replicated service' },
  { name: 'service_options', type: 'text', description: 'options of the service, as JSON' },
  { name: 'protocol_options', type: 'text', description: 'all options of the protocol in force, as JSON' },
  { name: 'mac', type: 'text', description: 'MAC suite' },
  {
    name: 'load',
    type: 'text',
    description: 'closed: each client sends its next operation when the last has ended; latency counts from sending',
  },
  { name: 'clients', type: 'number', description: 'clients' },
  { name: 'outstanding', type: 'number', description: 'operations that each client keeps under way' },
  {
    name: 'objects',
    type: 'text',
    description:
      'private: an object (kv: a set of keys, nfs: a tree) for each outstanding operation; shared: one for all',
  },
  { name: 'query_share', type: 'number', description: 'share of operations that are queries, 0 … 1' },
  { name: 'repeat', type: 'number', description: 'number of the repeat, from 1' },
  { name: 'seed', type: 'number', description: 'seed of this repeat' },
  { name: 'window_us', type: 'number', description: 'length of the measured window, µs' },
  { name: 'operations', type: 'number', description: 'operations that ended in the window' },
  {
    name: 'throughput_ops_s',
    type: 'number',
    description:
      'operations a second in the window: real seconds, all nodes sharing the host, or virtual ones of the simulated topology',
  },
  { name: 'latency_mean_us', type: 'number', description: 'mean latency, µs, of operations that ended in the window' },
  { name: 'latency_p50_us', type: 'number', description: 'median latency, µs' },
  { name: 'latency_p90_us', type: 'number', description: '90th percentile of latency, µs' },
  { name: 'latency_p99_us', type: 'number', description: '99th percentile of latency, µs' },
  { name: 'latency_p999_us', type: 'number', description: '99.9th percentile of latency, µs' },
  { name: 'latency_max_us', type: 'number', description: 'largest latency, µs' },
  { name: 'retries_per_op', type: 'number', description: 'requests sent again for want of answers, per operation' },
  { name: 'backoffs_per_op', type: 'number', description: 'random waits because of contention, per operation' },
  {
    name: 'operation_types',
    type: 'text',
    description:
      "protocol events per operation, as JSON: clients' added up, replicas' at the replica with most, dropped messages of all nodes (Q/U operation types, PBFT batches, view changes, …)",
  },
  {
    name: 'batch_mean',
    type: 'number',
    description: 'requests per agreement instance; 1 for protocols that do not batch',
  },
  { name: 'messages_per_op', type: 'number', description: 'messages sent by all replicas and clients, per operation' },
  {
    name: 'messages_per_op_model',
    type: 'number',
    description: 'the closed form for messages_per_op without faults and contention; empty where it does not apply',
  },
  {
    name: 'messages_per_op_busiest',
    type: 'number',
    description: 'messages sent and received at the busiest replica, per operation',
  },
  {
    name: 'messages_per_handled_op_busiest',
    type: 'number',
    description: 'messages sent and received at that replica, per request that it carried out itself',
  },
  {
    name: 'messages_per_handled_op_model',
    type: 'number',
    description: 'the closed form for messages_per_handled_op_busiest; empty where it does not apply',
  },
  { name: 'bytes_per_op', type: 'number', description: 'payload bytes sent by all, per operation' },
  {
    name: 'macs_generated_per_op_busiest',
    type: 'number',
    description: 'MACs made at the replica with most MACs, per operation',
  },
  { name: 'macs_verified_per_op_busiest', type: 'number', description: 'MACs verified at that replica, per operation' },
  {
    name: 'macs_per_op_busiest',
    type: 'number',
    description: 'MACs made and verified at that replica, per operation of the whole system',
  },
  {
    name: 'macs_per_handled_op_busiest',
    type: 'number',
    description: 'MACs made and verified at that replica, per request that it carried out itself',
  },
  {
    name: 'macs_per_handled_op_model',
    type: 'number',
    description: 'the closed form for this implementation; empty where it does not apply',
  },
  { name: 'macs_per_op_published', type: 'number', description: "the closed form in the literature's own counting" },
  { name: 'macs_per_op_total', type: 'number', description: 'MACs made and verified at all replicas, per operation' },
  {
    name: 'digests_per_op_busiest',
    type: 'number',
    description: 'digests at the replica with most digests, per operation',
  },
  { name: 'digests_per_op_total', type: 'number', description: 'digests at all replicas, per operation' },
  { name: 'cpu_us_per_op_busiest', type: 'number', description: 'CPU time at the replica with most, µs per operation' },
  {
    name: 'cpu_us_per_op_total',
    type: 'number',
    description: 'CPU time of all replicas and client drivers, µs per operation',
  },
  {
    name: 'dedicated_bound_ops_s',
    type: 'number',
    description:
      'throughput bound if every replica had a core of its own: 1e6 / cpu_us_per_op_busiest (utilisation law)',
  },
  {
    name: 'client_cpu_share',
    type: 'number',
    description: 'CPU share of the busiest client driver, 0 … 1 of one core',
  },
  { name: 'resident_mib', type: 'number', description: 'resident memory of all nodes at the end of the window, MiB' },
  {
    name: 'host_probe_us',
    type: 'number',
    description:
      'µs of a fixed piece of work before and after the measurement, which tells how fast the machine was; simulated: as its cost profile was measured; empty where nothing is to be compared',
  },
  {
    name: 'steadiness',
    type: 'number',
    description: 'slowest fifth of the window over its median fifth, by operations ended',
  },
  { name: 'incomplete', type: 'number', description: 'operations without an outcome when the run ended' },
  {
    name: 'checked_operations',
    type: 'number',
    description:
      'operations, warm-up included, that the history check read: all, or, of simulated runs without --histories, at most the first 500,000',
  },
  { name: 'verdict', type: 'text', description: 'valid, invalid or unknown' },
  { name: 'verdict_reason', type: 'text', description: 'why it is not valid; may also hold a warning on a valid row' },
] as const satisfies readonly Column[];

type ColumnOf<Type> = Extract<(typeof columns)[number], { readonly type: Type }>['name'];

/** One measured row; a number that is not known is undefined. */
export type ResultRow = { readonly [Name in ColumnOf<'text'>]: string } & {
  readonly [Name in ColumnOf<'number'>]: number | undefined;
};

export type Verdict = 'valid' | 'invalid' | 'unknown';
