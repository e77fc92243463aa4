#!/bin/sh
# Compiles the role into the directory that bears its name, from where the definition is packed. Needs mono-mcs.
set -e
cd "$(dirname "$0")"
mkdir -p sdk Greeter
mcs -nologo -target:library -out:sdk/Microsoft.WindowsAzure.ServiceRuntime.dll -r:System.Core.dll -r:System.Xml.dll ../../src/role/dotnet/service-runtime/*.cs
mcs -nologo -optimize+ -define:TRACE -target:library -out:Greeter/Greeter.dll -r:sdk/Microsoft.WindowsAzure.ServiceRuntime.dll source/Greeter.cs
cp source/app.config Greeter/Greeter.dll.config
