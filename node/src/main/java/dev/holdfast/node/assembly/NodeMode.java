package dev.holdfast.node.assembly;

/** What a node is started for. */
enum NodeMode {
    /** To serve and to execute. */
    SERVE,
    /**
     * To change a stopped node's directory by hand: nothing executes, is counted, expires or is evicted, nobody listens, and
     * what the node before left open stays open for the next start to judge.
     */
    VISIT
}
