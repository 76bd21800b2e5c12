/**
 * How fast a cluster notices that a runner is lost.
 *
 * @module
 * @since 0.1.0
 */
import type { ShardingConfig } from "@effect/cluster/ShardingConfig"
import type * as Duration from "effect/Duration"

/**
 * All runners and clients of a cluster must have the same values.
 *
 * @since 0.1.0
 * @category models
 */
export interface Timing {
  /** How long a runner that says nothing keeps its environments; 8 seconds by default. */
  readonly lockExpiration?: Duration.DurationInput | undefined
  /** How often a runner says that it lives; 2 seconds by default. */
  readonly lockRefresh?: Duration.DurationInput | undefined
  /** How often runners are checked; 2 seconds by default. */
  readonly healthCheck?: Duration.DurationInput | undefined
  /** How often runners and clients look for other runners; 1 second by default. */
  readonly refreshAssignments?: Duration.DurationInput | undefined
  /** How often runners look for jobs that nobody told them about; 2 seconds by default. */
  readonly messagePoll?: Duration.DurationInput | undefined
}

/**
 * The configuration of `@effect/cluster` for these times, with their defaults.
 *
 * @since 0.1.0
 * @category operations
 */
export const config = (timing: Timing): Partial<ShardingConfig["Type"]> => {
  const {
    healthCheck = "2 seconds",
    lockExpiration = "8 seconds",
    lockRefresh = "2 seconds",
    messagePoll = "2 seconds",
    refreshAssignments = "1 second"
  } = timing
  return {
    shardLockExpiration: lockExpiration,
    shardLockRefreshInterval: lockRefresh,
    runnerHealthCheckInterval: healthCheck,
    refreshAssignmentsInterval: refreshAssignments,
    entityMessagePollInterval: messagePoll
  }
}
