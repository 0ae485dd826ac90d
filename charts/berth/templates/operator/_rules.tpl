{{/* What the operator may do where it governs, verb by verb. */}}
{{- define "berth.operator.rules" -}}
# Reads policies; what they ask for is their authors' to say, and no finalizer is needed.
- apiGroups: [berth.dev]
  resources: [connectionpolicies]
  verbs: [list, watch]
# Reports, by a patch that reads nothing first: figures, conditions, the last decision.
- apiGroups: [berth.dev]
  resources: [connectionpolicies/status]
  verbs: [patch]
# Finds the target's pods, their addresses, phases and memory limits; patches their limit, drain mark and deletion cost
# (the admission policy refuses it any other change). It never creates, deletes or evicts a pod.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch]
# Tells a rollout from a steady state, and an old template's pods from a new one's.
- apiGroups: [apps]
  resources: [deployments, statefulsets, replicasets]
  verbs: [list, watch]
# Reads the number of replicas of whatever a policy names, any kind with a scale subresource, and puts another in its
# place unless somebody did so meanwhile. Of the workload itself it can change nothing else.
- apiGroups: ["*"]
  resources: ["*/scale"]
  verbs: [get, update]
# Leaves a workload alone that an HPA scales (condition Conflict).
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list, watch]
# Drains no more pods at once than a budget allows.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list, watch]
# Memory of pods that don't publish their own (memory.source: Metrics).
- apiGroups: [metrics.k8s.io]
  resources: [pods]
  verbs: [list]
# Tells what changed, once: limits moved, scaled, draining.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{- define "berth.operator.subject" -}}
- kind: ServiceAccount
  name: {{ include "berth.operator.serviceAccount" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
{{- end -}}
