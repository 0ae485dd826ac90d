package dev.berth.operator.simulate;

/**
 * What the world was like at the end of one second, and what happened in it.
 *
 * @param wanted connections that clients want
 * @param open connections that they have
 * @param replicas pods that the workload is told to have
 * @param pods those there are, starting and ending ones included
 * @param ready those that new connections can be sent to
 * @param limit of a pod; 0 where there is none
 * @param fullest connections of the pod with the most
 * @param memory bytes of the pod with the most
 * @param refused attempts that got a 503
 * @param unreachable attempts that found no pod
 * @param graceful connections that the server ended as it should
 * @param broken connections that a scale-in or a kill for memory broke
 * @param lost connections that went with pods which the trace killed
 * @param kills containers killed for memory
 */
public record Second(
    int second,
    int wanted,
    int open,
    int replicas,
    int pods,
    int ready,
    int limit,
    int fullest,
    long memory,
    long refused,
    long unreachable,
    long graceful,
    long broken,
    long lost,
    int kills) {}
