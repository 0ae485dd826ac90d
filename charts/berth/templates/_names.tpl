{{- define "berth.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name, with the chart's unless it holds it already; 50 characters leave room for -operator. */}}
{{- define "berth.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "berth.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "berth.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "berth.operator.name" -}}
{{- include "berth.fullname" . }}-operator
{{- end -}}

{{/* For what lives outside namespaces: releases of one name in two namespaces must not meet. */}}
{{- define "berth.operator.clusterName" -}}
{{- .Release.Namespace }}-{{ include "berth.operator.name" . }}
{{- end -}}

{{- define "berth.operator.serviceAccount" -}}
{{- $own := ternary (include "berth.operator.name" .) "default" .Values.operator.serviceAccount.create -}}
{{- default $own .Values.operator.serviceAccount.name -}}
{{- end -}}

{{- define "berth.server.name" -}}
{{- include "berth.fullname" . }}-server
{{- end -}}

{{/* repository:tag, or repository@digest. Takes (dict "image" … "chart" .Chart). */}}
{{- define "berth.image" -}}
{{- if .image.digest -}}
{{- .image.repository }}@{{ .image.digest }}
{{- else -}}
{{- .image.repository }}:{{ default .chart.AppVersion .image.tag }}
{{- end -}}
{{- end -}}
