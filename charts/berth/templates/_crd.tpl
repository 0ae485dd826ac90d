{{/*
Whose CRD the cluster has, as release/namespace, if it is somebody else's than this release's: a release uninstalled
before, which kept it, another operator's, or kubectl's. Helm would refuse to install over it.
*/}}
{{- define "berth.crd.otherOwner" -}}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" "connectionpolicies.berth.dev" -}}
{{- $marks := default dict .metadata.annotations -}}
{{- $owner := printf "%s/%s" (index $marks "meta.helm.sh/release-namespace" | default "-") (index $marks "meta.helm.sh/release-name" | default "-") -}}
{{- if ne $owner (printf "%s/%s" $.Release.Namespace $.Release.Name) -}}
{{- $owner -}}
{{- end -}}
{{- end -}}
{{- end -}}
