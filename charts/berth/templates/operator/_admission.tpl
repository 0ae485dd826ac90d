{{- define "berth.admission.isOperator" -}}
request.userInfo.username == 'system:serviceaccount:{{ .Release.Namespace }}:{{ include "berth.operator.serviceAccount" . }}'
{{- end -}}

{{- define "berth.admission.binding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ include "berth.operator.clusterName" .root }}-{{ .of }}
  labels:
    {{- include "berth.labels" (dict "root" .root "component" "operator") | nindent 4 }}
spec:
  policyName: {{ include "berth.operator.clusterName" .root }}-{{ .of }}
  validationActions: [Deny]
{{- end -}}
