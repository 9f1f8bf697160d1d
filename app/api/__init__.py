"""The HTTP API, version 1: one file per noun, all under `/api/v1`. Only keys are ever added."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
