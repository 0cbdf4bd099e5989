// Tests of the loader set an environment variable and the current directory, which belong to the whole process.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
