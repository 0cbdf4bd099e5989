#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Short names for the project's commands. Each verb runs ordinary dotnet and cmake commands and nothing more.

.EXAMPLE
    ./build.ps1 build                       # the native library, then all managed projects
    ./build.ps1 test -Configuration Debug
    ./build.ps1 native -Preset cpu-asan     # native library and tests with sanitizers, then the native tests
    ./build.ps1 bench 2 gemm                # arguments after the verb go on to the benchmark
    ./build.ps1 build '-m:2'                # quote an argument with a colon: PowerShell would take it apart
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    # native:   configure, build and test native/ alone, with a preset of native/CMakePresets.json
    # generate: write src/Bindings/Generated again from the public headers (needs ClangSharpPInvokeGenerator)
    # build:    dotnet build
    # test:     dotnet test
    # bench:    the comparison benchmark; further arguments are its own
    # pack:     dotnet pack into artifacts/packages
    [Parameter(Mandatory, Position = 0)]
    [ValidateSet('native', 'generate', 'build', 'test', 'bench', 'pack')]
    [string] $Verb,

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [ValidateSet('cpu-release', 'cpu-debug', 'cpu-asan', 'cpu-tsan')]
    [string] $Preset = 'cpu-release',

    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Runs one command, shows it, and ends the script with the command's own exit code when it fails.
function Invoke-Step {
    param([string] $Command, [string[]] $CommandArguments)

    if (-not (Get-Command $Command -ErrorAction SilentlyContinue)) {
        Write-Host "build.ps1: '$Command' was not found on PATH."
        exit 1
    }
    Write-Host "> $Command $($CommandArguments -join ' ')"
    & $Command @CommandArguments
    if ($LASTEXITCODE -ne 0) {
        exit $LASTEXITCODE
    }
}

Push-Location $PSScriptRoot
try {
    switch ($Verb) {
        'native' {
            Push-Location native
            try {
                Invoke-Step cmake @('--preset', $Preset)
                Invoke-Step cmake @('--build', '--preset', $Preset, '--parallel')
                Invoke-Step ctest @('--preset', $Preset)
            }
            finally {
                Pop-Location
            }
        }
        'generate' { Invoke-Step cmake ($Arguments + @('-P', 'src/Bindings/generation/Generate.cmake')) }
        'build' { Invoke-Step dotnet (@('build', '-c', $Configuration) + $Arguments) }
        'test' { Invoke-Step dotnet (@('test', '-c', $Configuration) + $Arguments) }
        'bench' {
            Invoke-Step dotnet (@('run', '-c', $Configuration, '--project', 'bench/NativeNoise.Compare', '--') + $Arguments)
        }
        'pack' { Invoke-Step dotnet (@('pack', '-c', $Configuration, '-o', 'artifacts/packages') + $Arguments) }
    }
}
finally {
    Pop-Location
}
