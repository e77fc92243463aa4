#!/bin/sh
# Compiles the site's library with Mono, against Reddog's own library of the SDK.
set -e
cd "$(dirname "$0")"
mkdir -p sdk Web/bin
mcs -nologo -target:library -out:sdk/Microsoft.WindowsAzure.ServiceRuntime.dll -r:System.Xml.dll \
  ../../src/role/dotnet/service-runtime/*.cs
mcs -nologo -target:library -out:Web/bin/Guests.dll -r:System.Web.dll \
  -r:sdk/Microsoft.WindowsAzure.ServiceRuntime.dll source/*.cs
